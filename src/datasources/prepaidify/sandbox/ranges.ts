/** A card range of the sandbox, in the provider's spelling. */
export interface SandboxRange {
  readonly vid: string;
  readonly cardBin: string;
  readonly desp: string;
  readonly posOrder: number;
  /** The range's own least first deposit, in cents. */
  readonly minDepositMinor: number;
}

/** Source of the ids: Prepaidify, API For Creating Virtual Card (`vab_069af8a792ad`); the rest is made up. */
export const SANDBOX_RANGES: readonly SandboxRange[] = [
  {
    vid: "vab_069af8a792ad",
    cardBin: "400000",
    desp: "Virtual debit, online shops",
    posOrder: 1,
    minDepositMinor: 200,
  },
  { vid: "v_5bc814", cardBin: "411111", desp: "Virtual debit, advertising", posOrder: 2, minDepositMinor: 500 },
  { vid: "vab_7d20c1e4f3b8", cardBin: "555555", desp: "Virtual prepaid, travel", posOrder: 3, minDepositMinor: 2_000 },
  { vid: "vab_b41f9ce06a57", cardBin: "222300", desp: "Virtual prepaid, software", posOrder: 4, minDepositMinor: 500 },
];
