/** A card's row as the schema has it. */
export function presentCard(row) {
  return {
    id: row.id,
    provider: row.provider,
    status: row.status,
    lifecycle: row.lifecycle,
    customerId: row.customer_id,
    bin: row.bin,
    last4: row.last4,
    expMonth: row.exp_month,
    expYear: row.exp_year,
    providerCardId: row.provider_card_id,
    deposit: presentMoney(row.deposit_minor),
    balance: presentMoney(row.balance_minor),
    cardHolder: { firstName: row.first_name, lastName: row.last_name, holderName: row.holder_name },
    createdAt: row.created_at,
  };
}

/** An order's row as the schema has it; what is being sent is `PENDING` to clients. */
export function presentOrder({ id, order_no: orderNo, state }) {
  return { id, orderNo, state: state === "INTENT" || state === "SENDING" ? "PENDING" : state };
}

/** A contact's row as the schema has it. */
export function presentContact(row) {
  return {
    id: row.id,
    providerContactId: row.provider_contact_id,
    firstName: row.first_name,
    lastName: row.last_name,
    mobile: row.mobile,
    email: row.email,
    language: row.language,
    createdAt: row.created_at,
  };
}

function presentMoney(amountMinor) {
  return { amountMinor, currency: "USD", formatted: (amountMinor / 100).toFixed(2) };
}
