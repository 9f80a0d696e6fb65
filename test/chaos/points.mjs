/** What the statements at the steps of an order look like, without quotes and with single blanks. */
const PLACE = "^with placed";
const SEND = "^with moved as .update card_orders set state = 'SENDING'";
const ASKED_BACK = "^select 1 as found";
const LOCK = "^select id from card_orders where id = .* for update";
const NEW_CARD = "^with holder as .insert";
const CARD_AGAIN = "^with holder as .update|^update cards set";
/** The order, its event and what is to be told of it, in one statement. */
const MOVED = "^with moved as .update card_orders set state = .1";
/** The same with the card in it: the answer to a call that nothing has come in between. It is a commit of its own. */
const ANSWER = `${MOVED}.*, holder as`;
/** Without it, under the row's lock. */
const MOVE = `${MOVED}(?!.*, holder as)`;
const TOKEN = "^select id, order_no";
const INBOX = "^insert into inbox";
const DUE_NOW = "^update card_orders set next_at = now";
const CLAIM = "^with due";
const OUTBOX = "^with taken";
const SETTLE = "^update inbox set verdict";
const RESCHEDULE = "^update card_orders set next_at = case";

/** The answer is lost and the callback is late, so that the order goes out a second time. */
const AGAIN = { scenario: "slow-garbled", skip: 1, dedupes: true };

/**
 * A step of an order at which the server is killed.
 * @typedef {object} KillPoint
 * @property {string} name
 * @property {"before" | "after"} [phase] Where there is none, the provider holds its answer back.
 * @property {string} [step]
 * @property {string} [following] What the statement before it was.
 * @property {string} [scenario] What the provider does to the order (approve); `slow-` before it: it calls back late.
 * @property {number} [skip] How often the order passes the step unharmed before (0).
 * @property {boolean} [dedupes] Whether the provider refuses a repeated order number, and the server knows (false).
 */

/** Every step of an order's way that has a name, in the order of the way. @type {readonly KillPoint[]} */
export const KILL_POINTS = [
  { name: "intent not committed", phase: "before", step: PLACE },
  { name: "intent committed", phase: "after", step: PLACE },
  { name: "sending not committed", phase: "before", step: SEND },
  { name: "sending committed", phase: "after", step: SEND },
  { name: "asked back, not looked up", phase: "before", step: ASKED_BACK },
  { name: "asked back, looked up, not answered", phase: "after", step: ASKED_BACK },
  { name: "accepted, not answered" },
  { name: "answer received, not applied", phase: "before", step: ANSWER },
  { name: "refusal received, not applied", phase: "before", step: LOCK, following: ASKED_BACK, scenario: "decline" },
  { name: "unclear answer, not applied", phase: "before", step: LOCK, following: ASKED_BACK, scenario: "garbled" },
  { name: "order locked for the answer", phase: "after", step: LOCK, scenario: "decline" },
  { name: "card written, order not moved", phase: "after", step: NEW_CARD, scenario: "garbled" },
  { name: "order moved, not committed", phase: "after", step: MOVE },
  { name: "reading applied, not committed", phase: "before", step: "^commit$", following: MOVE },
  { name: "answer committed, client not told", phase: "after", step: ANSWER },
  {
    name: "refusal committed, client not told",
    phase: "after",
    step: "^commit$",
    following: MOVE,
    scenario: "decline",
  },
  {
    name: "unconfirmed committed, client not told",
    phase: "after",
    step: "^commit$",
    following: MOVE,
    scenario: "garbled",
  },
  { name: "callback received, not stored", phase: "before", step: TOKEN },
  { name: "callback received while sending", phase: "before", step: TOKEN, scenario: "early-callback" },
  { name: "callback stored, not committed", phase: "after", step: INBOX },
  { name: "callback makes the order due, not committed", phase: "before", step: "^commit$", following: DUE_NOW },
  { name: "callback committed, not answered", phase: "after", step: "^commit$", following: DUE_NOW },
  { name: "order claimed, card not read", phase: "after", step: CLAIM, following: DUE_NOW },
  { name: "card read, not applied", phase: "before", step: LOCK, following: DUE_NOW },
  { name: "reading written, order not moved", phase: "after", step: CARD_AGAIN },
  { name: "change committed, nobody told of it", phase: "before", step: OUTBOX, following: MOVED },
  { name: "change taken from the outbox", phase: "after", step: OUTBOX, following: MOVED },
  { name: "reading applied, claims not settled", phase: "before", step: SETTLE },
  { name: "claims settled, not rescheduled", phase: "before", step: RESCHEDULE },
  { name: "rescheduled", phase: "after", step: RESCHEDULE },
  { name: "sending again not committed", phase: "before", step: SEND, ...AGAIN },
  { name: "sending again committed", phase: "after", step: SEND, ...AGAIN },
];
