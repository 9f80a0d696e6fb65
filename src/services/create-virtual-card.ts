import { isDeepStrictEqual } from "node:util";
import type { ActingCaller } from "../domain/audit.js";
import type { CallerAddressPolicy } from "../domain/delivery.js";
import { isRefusal, type ProviderDirectory } from "../domain/directory.js";
import type { Fingerprints } from "../domain/fingerprint.js";
import { demand } from "../domain/identity.js";
import type { IdSource } from "../domain/ids.js";
import type { Money } from "../domain/money.js";
import { type CardOrder, failureError, type OrderRequest } from "../domain/order.js";
import { type NewOrder, OrderNumberTaken, type OrderStore, type OrderView } from "../domain/order-store.js";
import type { CardProvider, EmailPolicy } from "../domain/provider.js";
import type { ProviderCode, ProviderMode } from "../domain/provider-code.js";
import { SpendLimitReached } from "../domain/spending.js";
import { type UserError, userError } from "../domain/user-error.js";
import type { SendOrder } from "./send-order.js";

/** What a caller orders. Every value has been checked against its rule. */
export interface CreateVirtualCardCommand {
  readonly orderNo: string;
  readonly cardRangeId: string;
  readonly deposit: Money;
  readonly cardHolder: { readonly firstName: string; readonly lastName: string } | null;
  readonly email: string | null;
  readonly customerId: string | null;
  readonly callbackUrl: string | null;
  readonly provider: ProviderCode | null;
}

/** The order as it stands, or what is wrong with the request. */
export interface CreateVirtualCardResult {
  readonly view: OrderView | null;
  /** True when the order had been placed before. An intent that was provably not sent is tried again all the same. */
  readonly replayed: boolean;
  readonly userErrors: readonly UserError[];
}

/** What {@link CreateVirtualCard} works with. */
export interface CreateVirtualCardParts {
  readonly directory: ProviderDirectory;
  readonly orders: OrderStore;
  readonly sendOrder: SendOrder;
  readonly fingerprints: Fingerprints;
  readonly ids: IdSource;
  readonly callerAddress: CallerAddressPolicy;
  /** An unguessable text for an order's callback address. */
  readonly newToken: () => string;
}

/**
 * Opens a virtual card and loads its first deposit. The order is committed before anything is sent, the same order
 * number never leads to a second card, and an unclear answer is never called a failure.
 */
export class CreateVirtualCard {
  readonly #parts: CreateVirtualCardParts;

  constructor(parts: CreateVirtualCardParts) {
    this.#parts = parts;
  }

  /** Throws `Forbidden`, or what the database throws; then the order stands as it was last committed. */
  async execute(command: CreateVirtualCardCommand, caller: ActingCaller): Promise<CreateVirtualCardResult> {
    demand(caller, "cards:write");
    const { tenant, actor: by } = caller;
    const { directory, fingerprints, ids, newToken } = this.#parts;
    const { orderNo, provider: asked, ...input } = command;
    const adapter = directory.choose("createVirtualCard", asked);
    if (isRefusal(adapter)) return this.#standingOr(tenant, command, adapter);
    const email = endUserEmail(adapter.emailPolicy, input.email);
    if (email === undefined) return this.#standingOr(tenant, command, EMAIL_MISSING);
    // What the caller gave, not what configuration filled in: a replay stays one when the configuration changes.
    const badAddress = await this.#refuseAddress(tenant, command);
    if (badAddress) return refused(badAddress);
    const { mode } = directory.get(adapter.code);
    const toCompare = { ...input, provider: adapter.code, mode };
    const placed = await this.#place({
      id: ids.order(),
      tenant,
      provider: adapter.code,
      mode,
      orderNo,
      fingerprint: fingerprints.of(toCompare),
      request: { ...input, email },
      callbackToken: newToken(),
      by,
    });
    if ("code" in placed) return refused(placed);
    if (!placed.placed && !this.#isSame(placed.order, toCompare)) return refused(MISMATCH);
    return placed.order.state === "INTENT" ? this.#send(placed, adapter) : standing(placed, !placed.placed);
  }

  /** The order that stands, or why none does; of another tenant's no more is told than of one with another input. */
  async #place(order: NewOrder): Promise<(OrderView & { readonly placed: boolean }) | UserError> {
    try {
      return await this.#parts.orders.place(order);
    } catch (error) {
      if (error instanceof OrderNumberTaken) return MISMATCH;
      if (error instanceof SpendLimitReached) return SPEND_LIMIT;
      throw error;
    }
  }

  /**
   * What a new order is refused for by the configuration as it is now: an order that stands already is answered all the
   * same. Told "refused", its caller would order once more.
   */
  async #standingOr(
    tenant: string,
    command: CreateVirtualCardCommand,
    refusal: UserError,
  ): Promise<CreateVirtualCardResult> {
    const { orderNo, provider: asked, ...input } = command;
    const earlier = await this.#parts.orders.byOrderNo(tenant, orderNo);
    if (!earlier) return refused(refusal);
    const { provider, mode } = earlier.order;
    const isSame = this.#isSame(earlier.order, { ...input, provider, mode });
    return isSame && (asked === null || asked === provider) ? standing(earlier, true) : refused(refusal);
  }

  /** Whether an order that stands is the one that is asked for; of one that was erased, as far as is still known. */
  #isSame({ isErased, fingerprint, request, provider, mode }: CardOrder, input: ComparedInput): boolean {
    if (!isErased) return this.#parts.fingerprints.matches(fingerprint, input);
    const { cardRangeId, deposit, customerId, callbackUrl } = request;
    const { cardHolder: _, email: __, ...rest } = input;
    return isDeepStrictEqual(rest, { cardRangeId, deposit, customerId, callbackUrl, provider, mode });
  }

  /**
   * What is wrong with the address that a new order's events are to go to. An order that stands is answered whatever
   * has become of its address: told "refused", its caller would order once more.
   */
  async #refuseAddress(tenant: string, { orderNo, callbackUrl }: CreateVirtualCardCommand): Promise<UserError | null> {
    if (callbackUrl === null) return null;
    const refusal = await this.#parts.callerAddress.check(callbackUrl);
    return refusal && (await this.#parts.orders.byOrderNo(tenant, orderNo)) ? null : refusal;
  }

  /** Sends an order that is committed and provably not sent: a new one, or one whose provider could not be reached. */
  async #send(
    placed: OrderView & { readonly placed: boolean },
    adapter: CardProvider,
  ): Promise<CreateVirtualCardResult> {
    const { orders, sendOrder } = this.#parts;
    const { order } = placed;
    const sent = await sendOrder.send(order, adapter);
    const view = sent ?? (await orders.byOrderNo(order.tenant, order.orderNo)) ?? placed;
    const userErrors = view.order.state === "INTENT" ? [UNAVAILABLE] : failureErrors(view.order);
    return { view, replayed: !placed.placed, userErrors };
  }
}

/** What two requests for the same order have in common. */
interface ComparedInput extends OrderRequest {
  readonly provider: ProviderCode;
  readonly mode: ProviderMode;
}

const EMAIL_MISSING = userError(
  "INVALID_INPUT",
  "email is required: this provider identifies the end user by it, and no default is configured.",
  { field: ["email"] },
);

const MISMATCH = userError(
  "IDEMPOTENCY_MISMATCH",
  "This orderNo was used before with another input. The earlier order is untouched.",
  { field: ["orderNo"] },
);

const SPEND_LIMIT = userError(
  "SPEND_LIMIT_REACHED",
  "The order would go beyond what may be ordered in one day (UTC). Nothing was placed.",
  { field: ["deposit", "amountMinor"] },
);

const UNAVAILABLE = userError(
  "PROVIDER_UNAVAILABLE",
  "The issuer could not be reached, so nothing was sent. The order stands and is sent as soon as that is possible; the same request, sent again, tries at once.",
  { retryable: true },
);

/** The address to use; undefined when one is required and there is none. */
function endUserEmail(policy: EmailPolicy, given: string | null): string | null | undefined {
  const email = given ?? policy.fallback;
  return email === null && policy.required ? undefined : email;
}

function refused(error: UserError): CreateVirtualCardResult {
  return { view: null, replayed: false, userErrors: [error] };
}

function standing(view: OrderView, replayed: boolean): CreateVirtualCardResult {
  return { view, replayed, userErrors: failureErrors(view.order) };
}

function failureErrors(order: CardOrder): readonly UserError[] {
  return order.failure ? [failureError(order.failure)] : [];
}
