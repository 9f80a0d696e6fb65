/** A change to one of the ready tabs that is worth making, and what it shows. */
export interface Experiment {
  /** The operation to change: a tab's `operationName`. */
  readonly operationName: string;
  /** The input to change, as a path such as `deposit.amountMinor`; null when the tab is run as it is. */
  readonly input: string | null;
  /** The value to put there; null when the tab is run as it is. */
  readonly value: string | null;
  /** What comes of it, in a sentence. */
  readonly outcome: string;
  /** True when only a sandbox reacts to the value: to a live provider it would be an ordinary name. */
  readonly sandboxOnly: boolean;
}

/** What the guide suggests, in order. */
export const EXPERIMENTS: readonly Experiment[] = [
  {
    operationName: "CreateVirtualCard",
    input: null,
    value: null,
    outcome: "Run it twice: one card, one deposit, replayed: true.",
    sandboxOnly: false,
  },
  {
    operationName: "CreateVirtualCard",
    input: "deposit.amountMinor",
    value: "2000",
    outcome: "Same orderNo, other deposit: IDEMPOTENCY_MISMATCH.",
    sandboxOnly: false,
  },
  {
    operationName: "CreateVirtualCard",
    input: "cardHolder.firstName",
    value: "Al",
    outcome: "Refused before anything is sent, with the field's path.",
    sandboxOnly: false,
  },
  {
    operationName: "CreateCardContact",
    input: "lastName",
    value: "Decline",
    outcome: "The provider refuses; nothing is created.",
    sandboxOnly: true,
  },
  {
    operationName: "CreateCardContact",
    input: "lastName",
    value: "Hang",
    outcome: "Created, but no answer comes: the outcome is unknown.",
    sandboxOnly: true,
  },
];
