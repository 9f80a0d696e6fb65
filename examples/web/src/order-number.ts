/** What an order number is made of: letters alone, so that it looks like no card number and like no other id. */
const LETTERS = "abcdefghijkmnopqrstuvwxyzABCDEFG";
const LENGTH = 24;
const KEY = "cardgraph:orderNo";

/** Where the number is kept: `sessionStorage`, or anything like it. */
export type NumberShelf = Pick<Storage, "getItem" | "setItem">;

/**
 * The number of the order that this page is about. It is the idempotency key: an order sent twice under one number is
 * one order. So it is made and kept **before** anything is sent, stays the same however often the person presses the
 * button or reloads the page, and is given up only once the order that stands under it is known.
 *
 * The shelf is the tab's own (`sessionStorage`), so that two tabs have two numbers. The number alone is kept: after a
 * reload the page asks for its order, and needs neither name nor address for that.
 */
export class OrderNumber {
  readonly #shelf: NumberShelf;
  readonly #randomBytes: (length: number) => Uint8Array;

  constructor(shelf: NumberShelf, randomBytes: (length: number) => Uint8Array) {
    this.#shelf = shelf;
    this.#randomBytes = randomBytes;
  }

  /** The kept number, or null where none was made yet. */
  get kept(): string | null {
    return this.#shelf.getItem(KEY);
  }

  /** The kept number; a new one, kept from now on, where there is none. */
  take(): string {
    return this.kept ?? this.renew();
  }

  /** Gives the number up for a new one. Only for an order that is known to stand, when another one is wanted. */
  renew(): string {
    const letters = Array.from(this.#randomBytes(LENGTH), (byte) => LETTERS[byte % LETTERS.length]);
    const orderNo = `web-${letters.join("")}`;
    this.#shelf.setItem(KEY, orderNo);
    return orderNo;
  }
}
