/** A change to one of the ready tabs that is worth making, and what it shows. */
export interface Experiment {
  /** The operation to change: a tab's `operationName`. */
  readonly operationName: string;
  /** The input to change, as a path such as `deposit.amountMinor`; null when the tab is run twice as it is. */
  readonly input: string | null;
  /** The value to put there; null with a null `input`. */
  readonly value: string | null;
  /** What comes of it, in a sentence. */
  readonly outcome: string;
  /** True when only a sandbox reacts to the value: a live provider takes it as any other. */
  readonly sandboxOnly: boolean;
}

/** What the guide suggests, in order. */
export const EXPERIMENTS: readonly Experiment[] = [
  {
    operationName: "CreateVirtualCard",
    input: null,
    value: null,
    outcome: "One card, one deposit, replayed: true.",
    sandboxOnly: false,
  },
  {
    operationName: "CreateVirtualCard",
    input: "deposit.amountMinor",
    value: "2000",
    outcome: "IDEMPOTENCY_MISMATCH; nothing is sent.",
    sandboxOnly: false,
  },
  {
    operationName: "CreateVirtualCard",
    input: "cardHolder.firstName",
    value: "Al",
    outcome: "Refused, with the path of the field.",
    sandboxOnly: false,
  },
  {
    operationName: "CreateVirtualCard",
    input: "deposit.amountMinor",
    value: "1002",
    outcome: "With a new orderNo: the provider refuses.",
    sandboxOnly: true,
  },
  {
    operationName: "CreateVirtualCard",
    input: "deposit.amountMinor",
    value: "1004",
    outcome: "With a new orderNo: no answer comes, and the callback settles the order.",
    sandboxOnly: true,
  },
  {
    operationName: "CreateCardContact",
    input: "lastName",
    value: "Decline",
    outcome: "The provider refuses; nothing is created.",
    sandboxOnly: true,
  },
];
