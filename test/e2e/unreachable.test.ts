import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { startPrepaidifySandbox } from "../../src/datasources/prepaidify/sandbox/index.js";
import { systemClock } from "../../src/domain/clock.js";
import { CreateVirtualCardDocument } from "../generated/graphql.js";
import { cardOrdersOf } from "../support/card-orders.js";
import { type Cardgraph, eventually, startCardgraph } from "../support/cardgraph.js";

const KEYS = { accessKey: "sbx_access", secretKey: "sbx_secret_0123456789" };
const giveBack: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of giveBack.splice(0).reverse()) await end();
});

/** A port of this machine that nobody listens on. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function startWithout(port: number, reviewMs: number): Promise<Cardgraph> {
  const server = await startCardgraph({
    env: {
      PREPAIDIFY_BASE_URL: `http://127.0.0.1:${port}`,
      UNCONFIRMED_REVIEW_AFTER_MS: String(reviewMs),
      RECONCILE_SCHEDULE_MS: "20,100",
    },
    prepaidify: KEYS,
  });
  giveBack.push(server.close);
  return server;
}

describe("an order whose provider cannot be reached", () => {
  it("is PENDING and said to be unsent, and in the end FAILED: nothing was spent", async () => {
    const server = await startWithout(await closedPort(), 1_000);
    const orders = cardOrdersOf(server, "unreachable");
    const { order, orderNo, userErrors } = await orders.place();
    expect(order).toMatchObject({ state: "PENDING", failure: null });
    expect(userErrors).toMatchObject([{ code: "PROVIDER_UNAVAILABLE", retryable: true }]);
    const { failure, card } = await orders.reaches(orderNo, "FAILED");
    expect(card).toBeNull();
    expect(failure).toMatchObject({ code: "PROVIDER_UNAVAILABLE", retryable: false, providerCode: null });
    expect(failure?.message).toContain("Nothing was spent");
    const again = {
      orderNo,
      cardRangeId: "vab_069af8a792ad",
      deposit: { amountMinor: 1000 },
      customerId: "user_id_123",
    };
    const { createVirtualCard: replay } = await server.ask(CreateVirtualCardDocument, { input: again });
    expect(replay).toMatchObject({ replayed: true, order: { id: order?.id, state: "FAILED" }, userErrors: [failure] });
  });

  it("is sent, once, as soon as the provider is back", async () => {
    const port = await closedPort();
    const server = await startWithout(port, 60_000);
    const orders = cardOrdersOf(server, "back");
    const { orderNo, userErrors } = await orders.place();
    expect(userErrors).toMatchObject([{ code: "PROVIDER_UNAVAILABLE" }]);
    const back = await startPrepaidifySandbox({
      ...KEYS,
      port,
      clock: systemClock,
      publicUrl: () => server.url,
      stageMs: 5,
      recordRequests: true,
    });
    giveBack.push(() => back.close());
    await orders.reaches(orderNo, "COMPLETED");
    const sends = back.requests.filter(({ path }) => path.endsWith("/card/create"));
    expect(sends).toHaveLength(1);
    expect(back.cardsByOrderNo()).toEqual(new Map([[orderNo, 1]]));
    await eventually(
      async () =>
        orders
          .moves((await orders.read(orderNo))?.id)
          .at(-1)
          ?.endsWith("COMPLETED"),
      Boolean,
    );
  });
});
