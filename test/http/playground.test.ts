import { fileURLToPath } from "node:url";
import Fastify, { type FastifyInstance } from "fastify";
import { parse, validate } from "graphql";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EXPERIMENTS } from "../../playground/src/experiments.js";
import { PLAYGROUND_TABS, PROVIDER_MODES_QUERY } from "../../playground/src/operations.js";
import { MAGIC_LAST_NAMES } from "../../src/datasources/pagsmile/sandbox/scenario.js";
import { MAGIC_DEPOSITS } from "../../src/datasources/prepaidify/sandbox/scenario.js";
import { registerPlayground } from "../../src/http/playground.js";
import { openBrowser, openPlayground, readTabTitles, runTab, selectTab, untilRead } from "../support/browser.js";
import { answerFromFixture, type GraphQLRequest, PLAYGROUND_SCHEMA } from "../support/playground-schema.js";

const BUILT = fileURLToPath(new URL("../../dist/playground", import.meta.url));
const TITLES = PLAYGROUND_TABS.map((tab) => tab.operationName);

interface Site {
  readonly server: FastifyInstance;
  readonly origin: string;
  /** The bodies that arrived at /graphql, in order. */
  readonly asked: readonly GraphQLRequest[];
}

async function openSite(): Promise<Site> {
  const server = Fastify();
  const asked: GraphQLRequest[] = [];
  registerPlayground(server, { assetsDir: BUILT });
  server.post<{ Body: GraphQLRequest }>("/graphql", async (request, reply) => {
    asked.push(request.body);
    if (request.headers.accept !== "text/event-stream") return answerFromFixture(request.body);
    const order = { orderNo: "v_5bc814", state: "COMPLETED" };
    const events = [
      ":\n\n",
      `event: next\ndata: ${JSON.stringify({ data: { cardOrderUpdated: { ...order, state: "ACCEPTED" } } })}\n\n`,
      `event: next\ndata: ${JSON.stringify({ data: { cardOrderUpdated: order } })}\n\n`,
      "event: complete\ndata:\n\n",
    ];
    return reply.type("text/event-stream").send(events.join(""));
  });
  return { server, origin: await server.listen({ host: "127.0.0.1", port: 0 }), asked };
}

describe("the playground's files", () => {
  let server: FastifyInstance;
  beforeAll(() => {
    server = Fastify();
    registerPlayground(server, { assetsDir: BUILT });
  });
  afterAll(() => server.close());

  it.each(["/graphiql", "/graphiql/"])("serves the page at %s under a strict policy", async (url) => {
    const { statusCode, headers, body } = await server.inject({ url });
    expect(statusCode).toBe(200);
    expect(body).toContain("<title>Cardgraph</title>");
    expect(headers["content-type"]).toMatch(/^text\/html/);
    expect(headers["content-security-policy"]).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
        "font-src 'self'; connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; " +
        "frame-ancestors 'none'",
    );
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect(headers["referrer-policy"]).toBe("no-referrer");
    expect(headers["cache-control"]).toBe("no-cache");
  });

  it("lets browsers keep the assets for ever, compressed where they can read that", async () => {
    const page = await server.inject({ url: "/graphiql" });
    const script = /src="([^"]+\.js)"/.exec(page.body)?.[1] ?? "";
    const { statusCode, headers } = await server.inject({ url: script, headers: { "accept-encoding": "gzip" } });
    expect(statusCode).toBe(200);
    expect(headers["cache-control"]).toBe("public, max-age=31536000, immutable");
    expect(headers["content-encoding"]).toBe("gzip");
    expect(headers["content-type"]).toMatch(/javascript/);
    expect(headers["x-content-type-options"]).toBe("nosniff");
  });

  it("does not let anything keep an asset that is not there", async () => {
    const { statusCode, headers } = await server.inject({ url: "/graphiql/assets/gone.js" });
    expect(statusCode).toBe(404);
    expect(headers["cache-control"]).toBeUndefined();
  });

  it.each([
    "/graphiql/assets/../.stamp",
    "/graphiql/assets/%2e%2e/.stamp",
    "/graphiql/assets/..%2f..%2fmain.js",
    "/graphiql/.stamp",
  ])("does not give away %s", async (url) => {
    const { statusCode } = await server.inject({ url });
    expect([403, 404]).toContain(statusCode);
  });

  it("says how to build the page where it is missing", async () => {
    await using bare = Fastify();
    registerPlayground(bare, { assetsDir: `${BUILT}-that-is-not-there` });
    for (const url of ["/graphiql", "/graphiql/", "/graphiql/assets/index.js"]) {
      const { statusCode, headers, body } = await bare.inject({ url });
      expect(statusCode).toBe(503);
      expect(headers["content-type"]).toBe("text/plain; charset=utf-8");
      expect(headers["cache-control"]).toBe("no-store");
      expect(body).toContain("npm run build");
    }
  });
});

describe("the playground's operations", () => {
  it.each([
    ...PLAYGROUND_TABS,
    { operationName: "ProviderModes", query: PROVIDER_MODES_QUERY },
  ])("$operationName is one valid operation under its own name", ({ operationName, query }) => {
    const document = parse(query);
    expect(document.definitions).toMatchObject([{ kind: "OperationDefinition", name: { value: operationName } }]);
    expect(validate(PLAYGROUND_SCHEMA, document)).toEqual([]);
  });
});

describe("the playground's guide", () => {
  it("names ready tabs only, and inputs that they have", () => {
    for (const { operationName, input } of EXPERIMENTS) {
      const tab = PLAYGROUND_TABS.find((ready) => ready.operationName === operationName);
      expect(tab, operationName).toBeDefined();
      if (input !== null) expect(tab?.variables.input).toHaveProperty(input);
    }
  });

  it("calls magic what is magic to a sandbox", () => {
    const magic = [
      ...MAGIC_LAST_NAMES.map(({ lastName }) => lastName),
      ...MAGIC_DEPOSITS.map(({ amountMinor }) => String(amountMinor)),
    ];
    for (const { value, sandboxOnly } of EXPERIMENTS) expect(magic.includes(value ?? "")).toBe(sandboxOnly);
  });
});

describe("the playground in a browser", () => {
  let browser: Browser;
  let site: Site;
  beforeAll(async () => {
    browser = await openBrowser();
    site = await openSite();
  });
  afterAll(async () => {
    await browser?.close();
    await site?.server.close();
  });

  /** A page in a profile of its own, as a first visitor has it. */
  async function withPage(use: (page: Page) => Promise<void>): Promise<void> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    try {
      await use(await context.newPage());
    } finally {
      await context.close();
    }
  }

  it("runs every ready tab with its own variables, without an error and without a request to anywhere else", () =>
    withPage(async (page) => {
      const { requests, faults } = await openPlayground(page, site.origin);
      expect(await page.title()).toBe("Cardgraph");
      expect(await readTabTitles(page)).toEqual(TITLES);
      // The one that follows an order has no end; it is tried on the whole product.
      for (const { operationName, variables } of PLAYGROUND_TABS.filter(({ query }) => !/^subscription/m.test(query))) {
        const answer = JSON.parse(await runTab(page, operationName));
        expect(answer.errors).toBeUndefined();
        expect(answer.data).toBeTypeOf("object");
        const request = site.asked.findLast((asked) => asked.operationName === operationName);
        expect(request?.variables ?? {}).toEqual(variables);
      }
      // Seeing the worker's request shows that those of workers are among the ones counted below.
      await expect.poll(() => requests.some((url) => /graphql\.worker.*\.js$/.test(url))).toBe(true);
      expect(requests.filter((url) => !url.startsWith(`${site.origin}/`))).toEqual([]);
      expect(faults).toEqual([]);
    }));

  it("says which providers are sandboxes, and opens tabs from its guide", () =>
    withPage(async (page) => {
      await openPlayground(page, site.origin);
      await expect.poll(() => page.getByLabel("Providers").textContent()).toMatch(/Prepaidifysandbox/);
      await page.getByRole("button", { name: "List cards" }).click();
      await untilRead(page, "ListCards");
      await page.locator(".graphiql-tab-active").getByLabel("Close Tab").click();
      await untilRead(page, "FollowTheOrder");
      expect(await readTabTitles(page)).not.toContain("ListCards");
      await page.getByRole("button", { name: "List cards" }).click();
      await untilRead(page, "ListCards");
      expect((await readTabTitles(page)).at(-1)).toBe("ListCards");
      expect(JSON.parse(await runTab(page, "ListCards")).errors).toBeUndefined();
    }));

  it("shows a returning visitor the same tabs, edits included, and the tab that was open", () =>
    withPage(async (page) => {
      await openPlayground(page, site.origin);
      await selectTab(page, "LookAtTheOrder");
      await page.locator('[aria-label="Variables"] .graphiql-editor:not(.hidden) .view-lines').click();
      await page.keyboard.press("ControlOrMeta+A");
      await page.keyboard.insertText('{ "orderNo": "mine" }');
      await page.getByRole("button", { name: "Hide Guide" }).click();
      // GraphiQL writes its tabs to the storage half a second after the last change.
      await expect.poll(() => page.evaluate('localStorage.getItem("cardgraph:graphiql:tabState")')).toContain("mine");

      for (const visit of ["second", "third"]) {
        await openPlayground(page, site.origin);
        expect(await readTabTitles(page), visit).toEqual(TITLES);
        expect(await page.locator(".cardgraph-guide").count(), visit).toBe(0);
        const lines = page.locator('[aria-label="Variables"] .graphiql-editor:not(.hidden) .view-lines');
        await expect.poll(() => lines.textContent()).toContain("mine");
        expect(await page.locator(".graphiql-tab-active").textContent(), visit).toContain("LookAtTheOrder");
      }
    }));

  it("keeps apart from the tabs of another GraphiQL that was served from the same address", () =>
    withPage(async (page) => {
      await page.addInitScript(
        `localStorage.setItem("graphiql:tabState", '{"tabs":[],"activeTabIndex":0}');
         localStorage.setItem("graphiql:query", "{ other }");`,
      );
      await openPlayground(page, site.origin);
      expect(await readTabTitles(page)).toEqual(TITLES);
    }));

  it("follows a subscription to its end", () =>
    withPage(async (page) => {
      const { faults } = await openPlayground(page, site.origin);
      await page.getByRole("button", { name: "New tab" }).click();
      await page.locator(".graphiql-query-editor .view-lines").click();
      await page.keyboard.insertText('subscription Watch { cardOrderUpdated(orderNo: "v_5bc814") { orderNo state } }');
      await expect.poll(() => readTabTitles(page)).toContain("Watch");
      await page.locator(".graphiql-execute-button").click();
      await expect.poll(() => page.locator(".result-window .view-lines").textContent()).toContain("COMPLETED");
      await expect.poll(() => page.locator(".graphiql-execute-button").getAttribute("aria-label")).toContain("Execute");
      expect(faults).toEqual([]);
    }));
});
