import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PLAYGROUND_TABS } from "../../playground/src/operations.js";
import { openBrowser, openPlayground, type PlaygroundVisit, runTab, selectTab } from "../support/browser.js";
import { type Cardgraph, eventually, startCardgraph } from "../support/cardgraph.js";

let server: Cardgraph;
let browser: Browser;
let page: Page;
let visit: PlaygroundVisit;
beforeAll(async () => {
  server = await startCardgraph({ env: { RECONCILE_SCHEDULE_MS: "20" } });
  browser = await openBrowser();
  page = await (await browser.newContext()).newPage();
  visit = await openPlayground(page, server.url);
});
afterAll(async () => {
  await browser?.close();
  await server.close();
});

const run = async (tab: string) => {
  await selectTab(page, tab);
  return JSON.parse(await runTab(page, tab));
};

describe("a person in the playground of the whole product", () => {
  it("makes a card contact with the ready tab", async () => {
    const { data } = await run("CreateCardContact");
    expect(data.createCardContact).toMatchObject({ contact: { providerContactId: "100848" }, userErrors: [] });
    expect(server.pagsmile.contacts.count).toBe(1);
  });

  it("opens a virtual card with the ready tab", async () => {
    const { data } = await run("CreateVirtualCard");
    expect(data.createVirtualCard).toMatchObject({
      order: { state: "ACCEPTED" },
      card: { status: "INIT" },
      userErrors: [],
    });
  });

  it("looks at the order until the card is ACTIVE", async () => {
    const seen = await eventually(
      () => run("LookAtTheOrder"),
      ({ data }) => data.cardOrder?.state === "COMPLETED",
    );
    expect(seen.data.cardOrder.card).toMatchObject({ status: "ACTIVE", bin: "400000" });
  });

  it("follows the order with the ready tab, and stops", async () => {
    await selectTab(page, "FollowTheOrder");
    const button = page.locator(".graphiql-execute-button");
    await button.click();
    await expect.poll(() => page.locator(".result-window .view-lines").textContent()).toContain("COMPLETED");
    await button.click();
    await expect.poll(() => button.getAttribute("aria-label")).toContain("Execute");
  });

  it("finds it in the list, and sees ranges and providers", async () => {
    expect((await run("ListCards")).data.cards.edges).toHaveLength(1);
    const { data } = await run("RangesAndProviders");
    expect(data.providers).toHaveLength(2);
    expect(data.cardRanges.length).toBeGreaterThan(0);
  });

  it("met no fault, and the page asked nobody but its own server", () => {
    expect(PLAYGROUND_TABS).toHaveLength(6);
    expect(visit.faults).toEqual([]);
    expect(visit.requests.filter((url) => !url.startsWith(server.url) && !url.startsWith("data:"))).toEqual([]);
  });
});
