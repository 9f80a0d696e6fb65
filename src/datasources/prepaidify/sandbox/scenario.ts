/**
 * What the sandbox does with one order. "Accepts" means that the card exists afterwards, whatever the caller hears.
 *
 * - `approve`: opens the card and calls back.
 * - `decline`: refuses with a business code; no card.
 * - `hang`: accepts, and never answers.
 * - `reset-before-accept`: breaks the connection; no card.
 * - `reset-after-accept`: accepts, then breaks the connection.
 * - `cut-body`: accepts, and breaks the connection in the middle of the answer.
 * - `garbled`: accepts, and answers something that is not JSON.
 * - `server-error`: accepts, and answers 502.
 * - `server-error-not-accepted`: answers 502 with the envelope of a refusal; no card.
 * - `drip`: accepts, and answers one byte after another without end.
 * - `huge-body`: accepts, and answers several megabytes.
 * - `unlisted-code`: accepts, and answers a code that is on no list.
 * - `rate-limited`: answers 429; no card.
 * - `lost-callback`: accepts, and never calls back.
 * - `repeated-callback`: accepts, and calls back three times with the same event.
 * - `early-callback`: accepts, opens the card and calls back before it answers, with the card as it was at first.
 * - `late-callback`: accepts, and calls back long after the card is open.
 * - `fail-and-refund`: accepts, then fails to open the card, refunds the deposit and says so.
 * - `unknown-status`: accepts, and ends in a status that is on no list.
 * - `inconsistent`: accepts, and answers another deposit than the one that was ordered.
 * - `accept-late`: asks back at once, and accepts when the caller has given up.
 * - `check-late`: asks back when the caller has given up, and then hears that the order is not being sent.
 * - `status-backwards`: accepts; once the card is open, every other reading of it shows an earlier stage.
 * - `reordered-callback`: accepts, and calls back that the card is open, then with an event of an earlier stage.
 * - `failing-reads`: accepts; the first three readings of the card fail, each in another way.
 *
 * `callbacks` and `reads` put another manner in the place of the one that the kind implies.
 */
export type Scenario = ({ readonly kind: PlainScenario } | { readonly kind: "decline"; readonly code: string }) & {
  readonly callbacks?: CallbackManner;
  readonly reads?: ReadManner;
};

/** How the end of an opening is called back. */
export type CallbackManner = "once" | "lost" | "repeated" | "early" | "late" | "reordered";

/** How a card shows itself when it is read. */
export type ReadManner = "true" | "backwards" | "failing";

type PlainScenario =
  | "approve"
  | "hang"
  | "reset-before-accept"
  | "reset-after-accept"
  | "cut-body"
  | "garbled"
  | "server-error"
  | "server-error-not-accepted"
  | "drip"
  | "huge-body"
  | "unlisted-code"
  | "rate-limited"
  | "lost-callback"
  | "repeated-callback"
  | "early-callback"
  | "late-callback"
  | "fail-and-refund"
  | "unknown-status"
  | "inconsistent"
  | "accept-late"
  | "check-late"
  | "status-backwards"
  | "reordered-callback"
  | "failing-reads";

/** One deposit that makes the sandbox misbehave on purpose. */
export interface MagicDeposit {
  /** USD cents: 1001 is USD 10.01. */
  readonly amountMinor: number;
  readonly scenario: Scenario;
  /** What a client sees happen, in one phrase. */
  readonly description: string;
}

/** The deposits that choose a scenario; every other deposit is approved. The folder's README repeats this table. */
export const MAGIC_DEPOSITS: readonly MagicDeposit[] = [
  {
    amountMinor: 1001,
    scenario: { kind: "decline", code: "403101" },
    description: "refused: the issuing account has too little money",
  },
  {
    amountMinor: 1002,
    scenario: { kind: "decline", code: "600001" },
    description: "refused: the end user has to complete KYC",
  },
  {
    amountMinor: 1003,
    scenario: { kind: "decline", code: "300006" },
    description: "refused: the issuer's conditions are not met",
  },
  {
    amountMinor: 1004,
    scenario: { kind: "hang" },
    description: "accepted, but never answered; the callback settles it",
  },
  { amountMinor: 1005, scenario: { kind: "cut-body" }, description: "accepted, but the answer is cut off" },
  { amountMinor: 1006, scenario: { kind: "garbled" }, description: "accepted, but the answer is not JSON" },
  { amountMinor: 1007, scenario: { kind: "server-error" }, description: "accepted, then answered with HTTP 502" },
  { amountMinor: 1008, scenario: { kind: "lost-callback" }, description: "opened, but the callback never comes" },
  {
    amountMinor: 1009,
    scenario: { kind: "repeated-callback" },
    description: "opened, and the callback comes three times",
  },
  {
    amountMinor: 1010,
    scenario: { kind: "fail-and-refund" },
    description: "accepted, then opening fails and the deposit is refunded",
  },
  { amountMinor: 1011, scenario: { kind: "unknown-status" }, description: "ends in the unlisted status SUSPENDED" },
  {
    amountMinor: 1012,
    scenario: { kind: "reset-after-accept" },
    description: "accepted, but the connection is reset before the answer",
  },
  {
    amountMinor: 1013,
    scenario: { kind: "early-callback" },
    description: "opened, and the callback overtakes the answer",
  },
  {
    amountMinor: 1014,
    scenario: { kind: "reset-before-accept" },
    description: "not accepted: the connection is reset, and nothing ever comes",
  },
  {
    amountMinor: 1015,
    scenario: { kind: "server-error-not-accepted" },
    description: "not accepted: HTTP 502, and nothing ever comes",
  },
  { amountMinor: 1016, scenario: { kind: "drip" }, description: "accepted, but the answer drips without end" },
  { amountMinor: 1017, scenario: { kind: "huge-body" }, description: "accepted, but the answer is several megabytes" },
  {
    amountMinor: 1018,
    scenario: { kind: "unlisted-code" },
    description: "accepted, but answered with an unlisted code",
  },
  { amountMinor: 1019, scenario: { kind: "rate-limited" }, description: "not accepted: HTTP 429" },
  { amountMinor: 1020, scenario: { kind: "late-callback" }, description: "opened, and the callback comes much later" },
  {
    amountMinor: 1021,
    scenario: { kind: "inconsistent" },
    description: "accepted, but the answer names another deposit",
  },
  { amountMinor: 1022, scenario: { kind: "accept-late" }, description: "accepted after the caller has given up" },
  {
    amountMinor: 1023,
    scenario: { kind: "check-late" },
    description: "not accepted: it is asked back about when the caller has given up",
  },
  {
    amountMinor: 1024,
    scenario: { kind: "status-backwards" },
    description: "opened, but every other reading shows an earlier stage",
  },
  {
    amountMinor: 1025,
    scenario: { kind: "reordered-callback" },
    description: "opened, and an older event comes after the last one",
  },
  {
    amountMinor: 1026,
    scenario: { kind: "failing-reads" },
    description: "opened, but the first three readings of the card fail",
  },
];

const CALLBACKS_OF_KIND: Partial<Readonly<Record<Scenario["kind"], CallbackManner>>> = {
  "lost-callback": "lost",
  "repeated-callback": "repeated",
  "early-callback": "early",
  "late-callback": "late",
  "reordered-callback": "reordered",
  "status-backwards": "reordered",
};

const READS_OF_KIND: Partial<Readonly<Record<Scenario["kind"], ReadManner>>> = {
  "status-backwards": "backwards",
  "failing-reads": "failing",
};

/** How a scenario calls back. */
export function callbackMannerOf(scenario: Scenario): CallbackManner {
  return scenario.callbacks ?? CALLBACKS_OF_KIND[scenario.kind] ?? "once";
}

/** How a scenario's card shows itself when it is read. */
export function readMannerOf(scenario: Scenario): ReadManner {
  return scenario.reads ?? READS_OF_KIND[scenario.kind] ?? "true";
}

/** The scenario that a deposit in cents stands for. */
export function scenarioOfDeposit(amountMinor: number): Scenario {
  return MAGIC_DEPOSITS.find((magic) => magic.amountMinor === amountMinor)?.scenario ?? { kind: "approve" };
}
