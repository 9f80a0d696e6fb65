/**
 * How much a run does.
 * @typedef {object} Plan
 * @property {Readonly<Record<"postgres" | "embedded", number>>} matrixOrders Across all faults, both kinds of provider.
 * @property {number} controlOrders Through the naive control.
 * @property {Readonly<Record<"postgres" | "embedded", number>>} concurrency Orders under way at once.
 * @property {number} twinOrders Each with a forged callback that cannot be seen through.
 * @property {number} reviewAfterMs How long an order waits for evidence before a person has to look.
 * @property {number} lanes Steps that run side by side: much of their time is spent waiting for leases to run out.
 * @property {boolean} briefOnEmbedded Leaves out on the embedded database what is also done on PostgreSQL.
 * @property {number} leastApproved Share of the orders without a fault that have to be completed. Below it the machine
 *   was too busy: where everything is timed out, nothing is shown.
 * @property {number} killsPerPoint
 * @property {readonly string[] | null} points Names of the steps to kill at; null: all.
 * @property {number} randomKills
 * @property {number} raceOrders Sent to all replicas at once.
 * @property {readonly number[]} replicas Sizes of the groups that race.
 * @property {number} databaseKills
 * @property {number} powerLosses
 * @property {number} controlLosses Power losses of the control.
 * @property {number} subscribers
 */

/** @type {Plan} */
const FULL = {
  matrixOrders: { postgres: 20_000, embedded: 5_000 },
  controlOrders: 400,
  twinOrders: 400,
  reviewAfterMs: 10_000,
  lanes: 2,
  leastApproved: 0.5,
  briefOnEmbedded: false,
  concurrency: { postgres: 24, embedded: 6 },
  killsPerPoint: 1,
  points: null,
  randomKills: 24,
  raceOrders: 300,
  replicas: [2, 4],
  databaseKills: 3,
  powerLosses: 45,
  controlLosses: 5,
  subscribers: 10_000,
};

/** @type {Plan} */
const QUICK = {
  ...FULL,
  matrixOrders: { postgres: 2_000, embedded: 1_000 },
  controlOrders: 300,
  twinOrders: 200,
  lanes: 4,
  killsPerPoint: 1,
  randomKills: 5,
  raceOrders: 200,
  databaseKills: 2,
  powerLosses: 5,
  controlLosses: 2,
  subscribers: 500,
};

/** What runs with the tests: under a minute. */
const SHORT = {
  ...QUICK,
  matrixOrders: { postgres: 120, embedded: 40 },
  controlOrders: 40,
  twinOrders: 0,
  reviewAfterMs: 4_000,
  lanes: 5,
  leastApproved: 0,
  briefOnEmbedded: true,
  points: ["intent committed", "accepted, not answered", "answer committed, client not told"],
  randomKills: 0,
  raceOrders: 30,
  replicas: [2],
  databaseKills: 0,
  powerLosses: 1,
  controlLosses: 1,
  subscribers: 50,
};

/** The plans by the option that chooses them. */
export const PLANS = { full: FULL, quick: QUICK, short: SHORT };

/** A plan with another number of orders across the faults: four fifths on PostgreSQL, as in the full one. */
export function withOrders(plan, orders) {
  const postgres = Math.max(1, Math.round(orders * 0.8));
  return { ...plan, matrixOrders: { postgres, embedded: Math.max(1, orders - postgres) } };
}
