import { OPERATOR } from "../domain/audit.js";
import {
  type ErasableContact,
  type ErasableOrder,
  type ErasureHindrance,
  type ErasureStore,
  hindranceOf,
  type SearchedStretch,
  type SoughtPerson,
  type Stretch,
} from "../domain/erasure.js";

/** Rows that are read at a time. */
const AT_ONCE = 500;

/** Whose personal data are to be erased. */
export interface ErasureRequest {
  /** Null: of every tenant, unless several have that customer. */
  readonly tenant: string | null;
  readonly by:
    | { readonly customerId: string }
    /** Our id of a contact. */
    | { readonly contactId: string }
    | { readonly person: SoughtPerson };
  /** Whether orders whose cards are open are erased too: those cards can then be neither followed nor revealed. */
  readonly withOpenCards: boolean;
}

/** What there is of somebody, and what of it keeps its personal data for now. */
export interface ErasurePlan {
  readonly orders: readonly (ErasableOrder & { readonly hindrance: ErasureHindrance | null })[];
  readonly contacts: readonly ErasableContact[];
  /** Rows that were looked through and that no key opens: whether they are somebody's cannot be told. */
  readonly unreadable: number;
}

/** How much was erased. Less than planned: the rest has moved meanwhile. */
export interface ErasureOutcome {
  readonly orders: number;
  readonly cardHolders: number;
  readonly callbacks: number;
  readonly contacts: number;
}

/**
 * Erases the personal data of one person, for good. What accounting needs stays: orders, amounts, times, states, the
 * provider's ids. Nothing of an order is erased while money moves.
 */
export class EraseData {
  readonly #store: ErasureStore;

  constructor(store: ErasureStore) {
    this.#store = store;
  }

  /** Finds what there is of somebody. By address or number it opens every row of the tenant, a batch at a time. */
  async plan({ tenant, by, withOpenCards }: ErasureRequest): Promise<ErasurePlan> {
    const { orders, contacts, unreadable } = await this.#find(tenant, by);
    return {
      orders: orders.map((order) => ({ ...order, hindrance: hindranceOf(order, withOpenCards) })),
      contacts,
      unreadable,
    };
  }

  /** Carries out a plan, one commit for each order and contact. Done twice, it does nothing the second time. */
  async carryOut(plan: ErasurePlan, withOpenCards: boolean): Promise<ErasureOutcome> {
    let [orders, cardHolders, callbacks, contacts] = [0, 0, 0, 0];
    const mayErase = (order: ErasableOrder): boolean => hindranceOf(order, withOpenCards) === null;
    for (const { id } of plan.orders) {
      const erased = await this.#store.eraseOrder(id, mayErase, OPERATOR);
      if (!erased) continue;
      orders += 1;
      cardHolders += erased.cardHolders;
      callbacks += erased.callbacks;
    }
    for (const { id } of plan.contacts) if (await this.#store.eraseContact(id, OPERATOR)) contacts += 1;
    return { orders, cardHolders, callbacks, contacts };
  }

  async #find(tenant: string | null, by: ErasureRequest["by"]) {
    if ("contactId" in by) {
      const contact = await this.#store.contact(by.contactId, tenant);
      return { orders: [], contacts: contact ? [contact] : [], unreadable: 0 };
    }
    if ("customerId" in by) {
      const orders = await every(async (stretch) => {
        const found = await this.#store.ordersOfCustomer(by.customerId, stretch);
        return { found, unreadable: 0, last: found.at(-1)?.id ?? null };
      }, tenant);
      return { orders: orders.found, contacts: [], unreadable: 0 };
    }
    const { person } = by;
    const contacts = await every((stretch) => this.#store.searchContacts(person, stretch), tenant);
    const orders = await every((stretch) => this.#store.searchOrders(person, stretch), tenant);
    const unreadable = contacts.unreadable + orders.unreadable;
    return { orders: orders.found, contacts: contacts.found, unreadable };
  }
}

async function every<Found>(
  read: (stretch: Stretch) => Promise<SearchedStretch<Found>>,
  tenant: string | null,
): Promise<{ readonly found: readonly Found[]; readonly unreadable: number }> {
  const found: Found[] = [];
  let unreadable = 0;
  for (let after: string | null = ""; after !== null; ) {
    const stretch: SearchedStretch<Found> = await read({ tenant, after, limit: AT_ONCE });
    found.push(...stretch.found);
    unreadable += stretch.unreadable;
    after = stretch.last;
  }
  return { found, unreadable };
}
