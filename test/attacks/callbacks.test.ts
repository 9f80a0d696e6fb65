import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Cardgraph, startCardgraph } from "../support/cardgraph.js";
import { FORGED, MISDIRECTED, REPLAYED } from "./callback-attacks.js";
import { CallbackStage, event } from "./callback-stage.js";
import { ASKED_BACK, MISSHAPEN } from "./misshapen-callbacks.js";

let server: Cardgraph;
let stage: CallbackStage;
beforeAll(async () => {
  server = await startCardgraph({ env: { RECONCILE_SCHEDULE_MS: "600000", FOLLOW_CARDS_MS: "0" } });
  stage = await CallbackStage.on(server);
});
afterAll(() => server.close());

describe.each([
  ["a forged callback", FORGED],
  ["a replayed callback", REPLAYED],
  ["a callback to another address or by another method", MISDIRECTED],
  ["a callback of another shape", MISSHAPEN],
  ["a reverse validation of what is not being sent", ASKED_BACK],
] as const)("%s", (_kind, attacks) => {
  it.each(attacks)("changes no order: %s", async (_name, carryOut, statuses) => {
    const before = await stage.state();
    const answers = await carryOut(stage);
    for (const answer of answers) {
      expect(statuses).toContain(answer.status);
      expect(answer.headers.get("ach-access-sign")).toBeNull();
      if (answer.status !== 200) expect(await answer.text()).not.toContain("success");
    }
    if (answers.some(({ status }) => status === 200)) await stage.settled();
    expect(await stage.state()).toBe(before);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});

it("a true one still moves the order, so that the others were harmless for what they are", async () => {
  const { orderNo, path, cardId } = stage.opening;
  server.prepaidify.setCardStatus(cardId, "ACTIVE");
  expect((await stage.send(path, { body: event({ orderNo, cardId }) })).status).toBe(200);
  expect((await stage.orders.reaches(orderNo, "COMPLETED")).card?.status).toBe("ACTIVE");
});
