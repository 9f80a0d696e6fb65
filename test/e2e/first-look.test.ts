import { rmSync } from "node:fs";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { openBrowser, openPlayground, readTabTitles, runTab, selectTab } from "../support/browser.js";
import { eventually } from "../support/cardgraph.js";
import { serveExample } from "../support/example-page.js";
import { visitExample } from "../support/example-visit.js";
import { takePicture } from "../support/picture.js";
import { addressOf, runServer, type ServerProcess } from "../support/process.js";
import { freshDataDir } from "../support/template-database.js";

let server: ServerProcess;
let url: string;
let browser: Browser;
const dataDir = freshDataDir(inject("templateDataDir"));
beforeAll(async () => {
  server = runServer({ PORT: "0", LOG_LEVEL: "silent", DATA_DIR: dataDir, RECONCILE_SCHEDULE_MS: "100" });
  url = await addressOf(server);
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  server.child.kill("SIGTERM");
  await server.ended;
  rmSync(dataDir, { recursive: true, force: true });
});

// What a newcomer sees, who has configured nothing. The pictures of the documents are taken here.
describe("a server without any configuration", () => {
  it("has a playground that says so, where an order becomes an active card", async () => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 840 } });
    const page = await context.newPage();
    await openPlayground(page, url);
    expect(await readTabTitles(page)).toHaveLength(6);
    await expect.poll(() => page.getByLabel("Providers").textContent()).toMatch(/Pagsmilesandbox.*Prepaidifysandbox/);
    const ordered = JSON.parse(await runTab(page, "CreateVirtualCard"));
    expect(ordered.data.createVirtualCard.userErrors).toEqual([]);
    await selectTab(page, "LookAtTheOrder");
    const look = async (): Promise<string> => runTab(page, "LookAtTheOrder");
    const seen = await eventually(look, (text) => JSON.parse(text).data.cardOrder.state === "COMPLETED");
    expect(JSON.parse(seen).data.cardOrder.card).toMatchObject({ status: "ACTIVE", balance: { formatted: "10.00" } });
    await expect.poll(() => page.locator(".result-window .view-lines").textContent()).toContain("COMPLETED");
    // The editor's scroll bar goes away a moment after the pointer.
    await page.mouse.move(0, 0);
    await expect.poll(() => page.locator(".graphiql-query-editor .scrollbar.visible").count()).toBe(0);
    await takePicture(page, "docs/images/playground.png");
    await context.close();
  });

  it("is enough for the example's page, which says that no money moves", async () => {
    const site = await serveExample(url);
    const visit = await visitExample(browser, site.url);
    expect(await visit.page.locator(".top").textContent()).toBe("Issue a cardSandbox: no money moves");
    await visit.issue();
    await expect.poll(() => visit.page.locator(".progress .done").count(), { timeout: 10_000 }).toBeGreaterThan(2);
    await expect.poll(() => visit.cards.count()).toBe(2);
    await takePicture(visit.page, "docs/images/example-web.png");
    await expect.poll(() => visit.headline(), { timeout: 10_000 }).toBe("Your card is ready.");
    await site.close();
  });
});
