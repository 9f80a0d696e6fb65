import { createHash } from "node:crypto";
import { passesLuhn } from "../../../domain/card-number.js";
import type { SandboxRange } from "./ranges.js";
import type { ReadManner } from "./scenario.js";

/** A card as the sandbox keeps it. Number and CVC are made up, and live in this process's memory only. */
export interface SandboxCard {
  readonly cardId: string;
  readonly userId: string;
  readonly cardHolderId: string;
  readonly cardSeqNo: string;
  readonly customerId: string | null;
  readonly orderNo: string;
  readonly callbackUrl: string;
  /** The end user's address; the card is shown to this one only. */
  readonly email: string;
  readonly vid: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly number: string;
  readonly cvc: string;
  readonly expYear: number;
  readonly expMonth: number;
  /** What was ordered, in cents. */
  readonly ordered: number;
  /** What is on the card, in cents; 0 after a refund. */
  deposit: number;
  status: string;
  /** Milliseconds since 1970; null until the card was opened. */
  openedAtMs: number | null;
  /** True once somebody set the status by hand: the card walks no further. */
  held: boolean;
  /** How it shows itself when it is read. */
  readonly reads: ReadManner;
  /** How often it was read. */
  readCount: number;
}

/** What an order says, once it was found to be in order. */
export interface SandboxOrder {
  readonly range: SandboxRange;
  readonly deposit: number;
  readonly orderNo: string;
  readonly callbackUrl: string;
  readonly customerId: string | null;
  readonly holder: { readonly firstName: string; readonly lastName: string } | null;
  readonly email: string;
}

/** Random bytes; a parameter so that a sandbox can be repeated exactly. */
export type RandomBytes = (size: number) => Uint8Array;

/** Makes the card that an order asks for, in the first status. */
export function issueCard(order: SandboxOrder, random: RandomBytes, now: Date, reads: ReadManner): SandboxCard {
  const hex = (bytes: number): string => Buffer.from(random(bytes)).toString("hex");
  return {
    cardId: `c_${lettersOnly(hex(8))}`,
    // Assumed: a user is an e-mail address, and may have many cards. Guarded by sandbox-risk-control.test.ts.
    userId: `u_${createHash("sha256").update(order.email).digest("hex").slice(0, 12)}`,
    cardHolderId: `ch_${hex(6)}`,
    cardSeqNo: `C${hex(4).toUpperCase()}`,
    customerId: order.customerId,
    orderNo: order.orderNo,
    callbackUrl: order.callbackUrl,
    email: order.email,
    vid: order.range.vid,
    // Assumed: without a cardholder the provider chooses one. Guarded by prepaidify/sandbox.test.ts.
    firstName: order.holder?.firstName ?? "Milton",
    lastName: order.holder?.lastName ?? "Schmitt",
    number: cardNumber(order.range.cardBin, random),
    cvc: digits(3, random),
    expYear: now.getUTCFullYear() + 3,
    expMonth: now.getUTCMonth() + 1,
    ordered: order.deposit,
    deposit: order.deposit,
    status: "INIT",
    openedAtMs: null,
    held: false,
    reads,
    readCount: 0,
  };
}

/**
 * An id without digits: one in ten thousand random ones has a run of them that passes for a card number, and such an id
 * is refused by whoever keeps card numbers out.
 */
function lettersOnly(hex: string): string {
  return hex.replaceAll(/[0-9]/g, (digit) => "ghijklmnop".charAt(Number(digit)));
}

/** Sixteen digits that begin with the BIN and end with a valid Luhn digit. */
function cardNumber(bin: string, random: RandomBytes): string {
  const body = bin + digits(15 - bin.length, random);
  const check = [..."0123456789"].find((digit) => passesLuhn(body + digit));
  return body + check;
}

function digits(count: number, random: RandomBytes): string {
  return Array.from(random(count), (byte) => String(byte % 10)).join("");
}

/** The cards of a sandbox, oldest dropped first when there are too many. */
export class CardShelf {
  readonly #maxCards: number;
  readonly #cards = new Map<string, SandboxCard>();
  readonly #perOrderNo = new Map<string, number>();

  constructor(maxCards: number) {
    this.#maxCards = maxCards;
  }

  add(card: SandboxCard): void {
    this.#cards.set(card.cardId, card);
    this.#perOrderNo.set(card.orderNo, (this.#perOrderNo.get(card.orderNo) ?? 0) + 1);
    dropOldest(this.#cards, this.#maxCards);
    dropOldest(this.#perOrderNo, this.#maxCards);
  }

  get(cardId: string): SandboxCard | undefined {
    return this.#cards.get(cardId);
  }

  hasOrder(orderNo: string): boolean {
    return this.#perOrderNo.has(orderNo);
  }

  all(): readonly SandboxCard[] {
    return [...this.#cards.values()];
  }

  /** How many cards were opened for each order number. */
  perOrderNo(): ReadonlyMap<string, number> {
    return new Map(this.#perOrderNo);
  }

  /** How many cards were opened from a range. */
  countOf(vid: string): number {
    let count = 0;
    for (const card of this.#cards.values()) if (card.vid === vid) count += 1;
    return count;
  }
}

function dropOldest(map: Map<string, unknown>, most: number): void {
  for (const key of map.keys()) {
    if (map.size <= most) return;
    map.delete(key);
  }
}
