import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { registerPlayground } from "../../src/http/playground.js";
import { openBrowser, openPlayground, readTabTitles, untilRead } from "../support/browser.js";
import { type LiveServer, startLive } from "../support/live-server.js";
import { eventually } from "../support/raw-server.js";

const BUILT = fileURLToPath(new URL("../../dist/playground", import.meta.url));

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

const startWithPlayground = (): Promise<LiveServer> =>
  startLive({}, (server) => registerPlayground(server, { assetsDir: BUILT }));
const originOf = ({ port }: LiveServer): string => `http://127.0.0.1:${port}`;

async function newPage(): Promise<Page> {
  const context = await browser.newContext();
  onTestFinished(() => context.close());
  return context.newPage();
}

/** Whether a page may open a WebSocket to an address. */
const opensSocket = (page: Page, url: string): Promise<unknown> =>
  page.evaluate(`new Promise((resolve) => {
    const socket = new WebSocket(${JSON.stringify(url)}, "graphql-transport-ws");
    socket.onopen = () => resolve("open");
    socket.onerror = () => resolve("refused");
  })`);

describe("a subscription in the playground", () => {
  it("shows each event as it comes, and ends with a click", async () => {
    const server = await startWithPlayground();
    const page = await newPage();
    await openPlayground(page, originOf(server));
    await page.getByRole("button", { name: "New tab" }).click();
    await page.locator(".graphiql-query-editor .view-lines").click();
    await page.keyboard.insertText("subscription Watch { ticks }");
    await expect.poll(() => readTabTitles(page)).toContain("Watch");
    await untilRead(page, "Watch");
    const button = page.locator(".graphiql-execute-button");
    await button.click();
    await eventually(() => server.ticks.open === 1);
    for (const tick of [4711, 4712]) {
      server.ticks.publish(tick);
      await expect.poll(() => page.locator(".result-window .view-lines").textContent()).toContain(String(tick));
    }
    await button.click();
    await eventually(() => server.ticks.returned === 1 && server.route.openOperations() === 0);
  });
});

describe("a page that opens a WebSocket", () => {
  it("may do so under the playground's policy, to its own server", async () => {
    const server = await startWithPlayground();
    const page = await newPage();
    await openPlayground(page, originOf(server));
    expect(await opensSocket(page, server.wsUrl)).toBe("open");
  });

  it("may not do so from another site", async () => {
    const server = await startLive();
    const other = await startLive({}, (site) => {
      const policy = "connect-src *";
      site.get("/page", (_request, reply) =>
        reply.header("content-security-policy", policy).type("text/html").send("<!doctype html><title>other</title>"),
      );
    });
    const page = await newPage();
    await page.goto(`${originOf(other)}/page`);
    expect(await opensSocket(page, server.wsUrl)).toBe("refused");
    expect(await opensSocket(page, other.wsUrl)).toBe("open");
  });
});
