import type { CardSnapshot } from "../../src/domain/card.js";
import type { CardStatus } from "../../src/domain/card-status.js";
import type { CardSource, Evidence } from "../../src/domain/order-transition.js";
import { CUSTOMER, DEPOSIT, REFUSAL, snapshot } from "./order-facts.js";

export const REFUND = "CREATE_CARD_FAILED_REFUND";

/** Where a card may go next, as the provider's pages tell it. */
const LIFE: Partial<Readonly<Record<CardStatus, readonly CardStatus[]>>> = {
  INIT: ["INIT_CREATE_CARD_HOLDER", "INIT_CREATE_CARD", "ACTIVE", REFUND],
  INIT_CREATE_CARD_HOLDER: ["INIT_CREATE_CARD", REFUND],
  INIT_CREATE_CARD: ["INIT_ACTIVE_CARD", REFUND],
  INIT_ACTIVE_CARD: ["ACTIVE", REFUND],
  ACTIVE: ["FREEZE", "CANCELLING", "EXPIRED"],
  FREEZE: ["ACTIVE", "CANCELLING", "CANCELED"],
  CANCELLING: ["CANCELED"],
  CANCELED: ["DELETED"],
  EXPIRED: ["DELETED"],
};

/** What kind of provider an order is sent to, and what has happened there before. */
export interface Surroundings {
  /** It refuses a number that it has; only then is it configured so, and only then is anything sent again. */
  readonly refusesDuplicates: boolean;
  /** Somebody outside this server has used the order's number there. */
  readonly numberIsTaken: boolean;
  /** It loads less than was ordered. */
  readonly skims: boolean;
  /** It says that it refuses, and may open the card all the same. */
  readonly isTwoFaced: boolean;
}

/** A card as it really is. */
export interface RealCard {
  readonly id: string;
  readonly isOurs: boolean;
  /** Whether the database knows it as another order's. One that nobody knows is told apart by its deposit. */
  readonly isAnothers: boolean;
  status: CardStatus;
}

/** The provider as it really is: its cards, and what it makes of a call. */
export class ProviderWorld {
  readonly cards: RealCard[] = [
    { id: "prv-stray", isOurs: false, isAnothers: false, status: "ACTIVE" },
    { id: "prv-anothers", isOurs: false, isAnothers: true, status: "INIT" },
  ];
  readonly around: Surroundings;
  /** Whether it has an order of the number. */
  isNumberKnown: boolean;

  constructor(around: Surroundings) {
    this.around = around;
    this.isNumberKnown = around.numberIsTaken;
  }

  /** The cards that calls of this order have opened. */
  get ours(): readonly RealCard[] {
    return this.cards.filter(({ isOurs }) => isOurs);
  }

  /** What it does with a call, and says of it. It may turn one down for any reason before it looks at the number. */
  take(call: number, isTurnedDown: boolean): Evidence {
    if (isTurnedDown) {
      if (this.around.isTwoFaced && this.ours.length === 0) this.#open();
      return { kind: "refused", call, failure: REFUSAL };
    }
    if (this.isNumberKnown && this.around.refusesDuplicates) return { kind: "taken", call };
    return this.describe(this.#open(), "answer", call % 2 === 0);
  }

  /** What may become of a card next. */
  nextOf({ status }: RealCard): readonly CardStatus[] {
    return LIFE[status] ?? [];
  }

  /** Ends the opening of every card that is opening. */
  finish(ending: CardStatus): void {
    for (const card of this.cards) if (card.status.startsWith("INIT")) card.status = ending;
  }

  /** The truth about a card, as a piece of evidence; `isUnread` when its status cannot be understood. */
  describe(card: RealCard, source: CardSource, isBare: boolean, isUnread = false): Evidence {
    const { status } = card;
    return { kind: "card", source, card: { ...this.draw(card, isBare), status: isUnread ? "UNRECOGNIZED" : status } };
  }

  /** A description, `isBare` of deposit and customer while the card is opening; a refunded card has no deposit. */
  draw({ id, isOurs, isAnothers, status }: RealCard, isBare: boolean): CardSnapshot {
    const isStray = !isOurs && !isAnothers;
    const missing = isStray || (isOurs && this.around.skims) ? 100 : 0;
    const bare = isBare && status.startsWith("INIT");
    return snapshot({
      providerCardId: id,
      status,
      depositMinor: bare || status === REFUND ? 0 : DEPOSIT.amountMinor - missing,
      customerId: bare ? null : CUSTOMER,
    });
  }

  #open(): RealCard {
    const card: RealCard = { id: `prv-${this.ours.length + 1}`, isOurs: true, isAnothers: false, status: "INIT" };
    this.cards.push(card);
    this.isNumberKnown = true;
    return card;
  }
}
