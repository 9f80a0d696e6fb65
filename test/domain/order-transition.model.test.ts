import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ORDER_STATES } from "../../src/domain/order.js";
import { transition } from "../../src/domain/order-transition.js";
import { OrderWorld } from "./order-world.js";
import { REFUND, type Surroundings } from "./provider-world.js";

/** How many lives an order lives here. Mutation testing, which lives them for every mutant, asks for fewer. */
const LIVES = Number(process.env.ORDER_LIVES ?? 100_000);

const surroundings: fc.Arbitrary<Surroundings> = fc.record({
  refusesDuplicates: fc.boolean(),
  numberIsTaken: fc.constantFrom(false, false, false, true),
  skims: fc.constantFrom(false, false, false, true),
  isTwoFaced: fc.constantFrom(false, false, false, true),
});
const life = fc.record({
  // Two faults at once that hide each other: a refusal, and a card that is not seen to be the order's.
  around: surroundings.filter(({ skims, isTwoFaced }) => !(skims && isTwoFaced)),
  choices: fc.array(fc.nat({ max: 5_039 }), { maxLength: 40, size: "max" }),
  ending: fc.constantFrom("ACTIVE", REFUND),
  isReviewedFirst: fc.boolean(),
});
type Life = typeof life extends fc.Arbitrary<infer Value> ? Value : never;

/** Lives one life to its end; `look` is called after everything that happens. */
function live({ around, choices, ending, isReviewedFirst }: Life, look: (world: OrderWorld) => void): OrderWorld {
  const world = new OrderWorld(around);
  for (const choice of choices) {
    const may = world.happenings();
    const [name, happen] = may[choice % may.length] ?? ["nothing", () => undefined];
    happen();
    world.story.push(`${name}: ${world.order.state} ${world.order.reviewReason ?? ""}`);
    look(world);
  }
  world.comeToRest(ending, isReviewedFirst);
  world.story.push(`at rest: ${world.order.state} ${world.order.reviewReason ?? ""}`);
  look(world);
  return world;
}

function claim(world: OrderWorld, what: string, holds: boolean): void {
  if (!holds) throw new Error(`not true that ${what}:\n  ${world.story.join("\n  ")}`);
}

/** What has to be true of an order at any moment of its life. */
function checkTruth(world: OrderWorld): void {
  const { order, provider, saidByHand, calls } = world;
  const { state, reviewReason } = order;
  const { around, ours, isNumberKnown } = provider;
  const [real] = ours;
  claim(world, "there is never more than one card", ours.length <= 1);
  if (state === "INTENT") {
    const neverLeft = calls.every(({ hasLeft, isDone }) => !hasLeft && isDone);
    claim(world, "an intent never went out", neverLeft);
  }
  if (state === "ACCEPTED") claim(world, "the provider has an accepted order's number", isNumberKnown);
  if (state === "FAILED" && !saidByHand.has("no card") && !around.isTwoFaced) {
    claim(world, "a failed order has no card, or a refunded one", real === undefined || real.status === REFUND);
  }
  if (state === "COMPLETED") {
    claim(world, "the card of a completed order is its own", order.card?.providerCardId === real?.id);
    claim(world, "the card of a completed order was opened", !/INIT|REFUND/.test(real?.status ?? "INIT"));
    claim(world, "it holds the deposit that was ordered", !around.skims || saidByHand.has("this card"));
  }
  if (state === "NEEDS_REVIEW" && !around.skims && !around.isTwoFaced && saidByHand.size === 0) {
    claim(world, "a person is called only for want of evidence", reviewReason === "NO_EVIDENCE");
  }
  if ((state === "COMPLETED" || state === "FAILED") && order.card && real?.status === order.card.knownStatus) {
    const again = transition(order, provider.describe(real, "poll", false));
    claim(world, "a settled order stays so when nothing new is seen", again === null || again.state === state);
  }
}

/** What has to be true once all calls have ended, time has passed and everything was told. */
function checkRest(world: OrderWorld): void {
  const { order, provider, saidByHand } = world;
  const { state, reviewReason } = order;
  const { around, ours } = provider;
  const [real] = ours;
  const isUndone = real === undefined || real.status === REFUND;
  const isSettled = saidByHand.has("no card") && ["CANCELED", "EXPIRED", "DELETED"].includes(real?.status ?? "");
  claim(world, "every order comes to an end", ["COMPLETED", "FAILED", "NEEDS_REVIEW"].includes(state));
  if (around.skims) return;
  if (!isUndone && !isSettled) claim(world, "no order that has a card is failed for good", state !== "FAILED");
  // A refunded card is bare of its deposit: a callback's word alone does not make it the order's.
  const isUnproven = real?.status === REFUND && order.card === null;
  if (real && !isUnproven) claim(world, "evidence ends the want of it", reviewReason !== "NO_EVIDENCE");
  if (real && !isUnproven && !around.isTwoFaced && saidByHand.size === 0) {
    claim(world, "an order ends as its card does", state === (isUndone ? "FAILED" : "COMPLETED"));
  }
}

describe("an order's life, whatever happens to it", () => {
  it(`says nothing untrue, opens no second card and comes to an end, ${LIVES} times`, () => {
    const lives = fc.property(life, (one) => checkRest(live(one, checkTruth)));
    fc.assert(lives, { numRuns: LIVES });
  }, 180_000);

  it("is rich enough to prove something", () => {
    const seen = new Set<string>();
    for (const one of fc.sample(life, { numRuns: 3_000, seed: 1 })) {
      const world = live(one, ({ order }) => seen.add(`${order.state} ${order.reviewReason ?? ""}`.trim()));
      for (const line of world.story) seen.add(line.replace(/:.*/, ""));
      seen.add(`${world.calls.filter(({ hasLeft }) => hasLeft).length} calls went out`);
    }
    const states = ORDER_STATES.filter((state) => state !== "NEEDS_REVIEW");
    const reviews = ["NO_EVIDENCE", "CARD_MISMATCH", "CONTRADICTION"].map((reason) => `NEEDS_REVIEW ${reason}`);
    expect([...seen]).toEqual(expect.arrayContaining([...states, ...reviews, ...HAPPENINGS]));
  });
});

const HAPPENINGS = [
  ...["is sent", "is sent again", "lease runs out", "orphan is noted", "never sent", "waited too long"],
  ...["call leaves", "call cannot leave", "call is taken", "call is turned down", "call is lost"],
  ...["sender reports", "sender gives up", "sender dies", "answer comes", "news is told"],
  ...["callback names it", "callback names it, barely", "callback names prv-stray", "callback names prv-anothers"],
  ...["is polled", "is polled and not understood", "card becomes ACTIVE", `card becomes ${REFUND}`],
  ...["a person names it", "a person says there is none", "0 calls went out", "1 calls went out", "2 calls went out"],
];
