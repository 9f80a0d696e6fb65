import type { CardOrderState, CardStatus } from "./generated/graphql.js";

/** How far a stage is: over, going on, stopped for now, where it all ended, or still to come. */
export type StageState = "done" | "current" | "held" | "failed" | "waiting";

/** A step on an order's way to a usable card. */
export interface Stage {
  readonly label: string;
  readonly state: StageState;
}

const LABELS = ["Order placed", "Accepted by the issuer", "Cardholder registered", "Card made", "Ready to use"];

/** The way of an order, with the stages that it has behind it. No order: all of it is still to come. */
export function stagesOf(
  order: { readonly state: CardOrderState; readonly status: CardStatus | null } | null,
): Stage[] {
  if (order === null) return LABELS.map((label) => ({ label, state: "waiting" }));
  const done = stagesDone(order.state, order.status);
  const next = stateOfNext(order.state);
  return LABELS.map((label, at) => ({ label, state: at < done ? "done" : at === done ? next : "waiting" }));
}

/** Where an order stands, in a sentence for its owner. The compiler names a state that is forgotten here. */
export function headlineOf(state: CardOrderState): string {
  switch (state) {
    case "PENDING":
      return "Your order is placed and about to be sent.";
    case "ACCEPTED":
      return "The issuer is making your card.";
    case "COMPLETED":
      return "Your card is ready.";
    case "FAILED":
      return "The order failed. Nothing was spent, or it was refunded.";
    case "UNCONFIRMED":
      return "The issuer has not confirmed the order yet. There is nothing to do but wait.";
    case "NEEDS_REVIEW":
      return "Somebody has to look into this order. Please do not order again meanwhile.";
    default:
      return unknownValue(state, "The order is under way.");
  }
}

function stagesDone(state: CardOrderState, status: CardStatus | null): number {
  switch (state) {
    case "PENDING":
    case "UNCONFIRMED":
      return 1;
    case "COMPLETED":
      return LABELS.length;
    case "ACCEPTED":
    case "FAILED":
    case "NEEDS_REVIEW":
      return status === null ? (state === "ACCEPTED" ? 2 : 1) : stagesDoneByCard(status);
    default:
      return unknownValue(state, 1);
  }
}

function stagesDoneByCard(status: CardStatus): number {
  switch (status) {
    case "INIT":
    case "INIT_CREATE_CARD_HOLDER":
    case "CREATE_CARD_FAILED_REFUND":
    case "UNRECOGNIZED":
      return 2;
    case "INIT_CREATE_CARD":
      return 3;
    case "INIT_ACTIVE_CARD":
    case "ACTIVE":
    case "FREEZE":
    case "CANCELLING":
    case "CANCELED":
    case "DELETED":
    case "EXPIRED":
      return 4;
    default:
      return unknownValue(status, 2);
  }
}

function stateOfNext(state: CardOrderState): StageState {
  if (state === "FAILED") return "failed";
  return state === "NEEDS_REVIEW" ? "held" : "current";
}

/** For a value that a newer server may send: `never` here means that every value of the schema is dealt with above. */
function unknownValue<Fallback>(_value: never, fallback: Fallback): Fallback {
  return fallback;
}
