import { describe, expect, it } from "vitest";
import { CardRangesDocument, CreateCardContactDocument, CreateVirtualCardDocument } from "../generated/graphql.js";
import { startCardgraph } from "../support/cardgraph.js";
import { startRaw } from "../support/raw-server.js";

/** Far above the bound on a call, far below the time after which a client or a test gives up. */
const SOON_MS = 5_000;

describe("providers that take every request and never answer", () => {
  it("hold up no request for longer than a provider call may take", async () => {
    const deaf = await startRaw(() => undefined);
    const url = `http://127.0.0.1:${deaf.port}`;
    const server = await startCardgraph({
      env: { PREPAIDIFY_BASE_URL: url, PAGSMILE_BASE_URL: url, PROVIDER_TIMEOUT_MS: "300" },
    });
    const startedMs = performance.now();
    const deposit = { amountMinor: 1000, currency: "USD" };
    const person = { firstName: "xxe", lastName: "xxxx", mobile: "+861234789999", email: "122@12.com" };
    const [ordered, made, listed] = await Promise.all([
      server.ask(CreateVirtualCardDocument, { input: { orderNo: "deaf", cardRangeId: "vab_069af8a792ad", deposit } }),
      server.ask(CreateCardContactDocument, { input: person }),
      server.answerTo(CardRangesDocument, {}),
    ]);
    expect(ordered.createVirtualCard.order?.state).toBe("UNCONFIRMED");
    expect(made.createCardContact.userErrors).toMatchObject([{ code: "OUTCOME_UNKNOWN" }]);
    expect(listed.errors).toMatchObject([{ extensions: { code: "PROVIDER_UNAVAILABLE" } }]);
    expect(performance.now() - startedMs).toBeLessThan(SOON_MS);
    expect(deaf.connections.length).toBeGreaterThan(0);
    await server.close();
  });
});
