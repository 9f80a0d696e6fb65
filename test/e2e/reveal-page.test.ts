import { createHash } from "node:crypto";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { SCOPES } from "../../src/domain/scope.js";
import { openBrowser } from "../support/browser.js";
import { cardOrdersOf } from "../support/card-orders.js";
import { type Cardgraph, startCardgraph } from "../support/cardgraph.js";
import { type Issuer, startIssuer } from "../support/issuer.js";
import { REVEAL_PAGE, type RevealSite, serveRevealPage } from "../support/reveal-page.js";
import { openCard } from "../support/revealing.js";

let server: Cardgraph;
let site: RevealSite;
let browser: Browser;
let cardId: string;
let number: string;
beforeAll(async () => {
  server = await startCardgraph({ env: { RECONCILE_SCHEDULE_MS: "20" } });
  site = await serveRevealPage(server.url);
  browser = await openBrowser();
  const card = await openCard(cardOrdersOf(server, "page"));
  cardId = card.cardId;
  number = server.prepaidify.cards().find((one) => one.cardId === card.theirs)?.number ?? "";
});
afterAll(async () => {
  await browser?.close();
  await site?.close();
  await server.close();
});

interface Visit {
  readonly page: Page;
  /** What the page wrote to its console as an error or threw, violations of its policy included. */
  readonly faults: readonly string[];
}

async function visit(): Promise<Visit> {
  const context = await browser.newContext();
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") faults.push(message.text());
  });
  await page.clock.install();
  await page.goto(site.url);
  return { page, faults };
}

async function fillIn(page: Page, id: string): Promise<void> {
  await page.getByLabel("Id of the card").fill(id);
  await page.getByLabel("What for").fill("the holder asked to see it");
  await page.getByRole("button", { name: "Show it" }).click();
}

const grouped = () => number.replace(/(\d{4})(?=\d)/g, "$1 ");

describe("the page that shows a card", () => {
  it("opens what the server sealed, and nobody on the way could read it", async () => {
    const { page, faults } = await visit();
    await fillIn(page, cardId);
    await expect.poll(() => page.locator("#number").textContent()).toBe(grouped());
    expect(await page.locator("#card").innerText()).toMatch(/CVC \d{3}\nExpires \d\d\/20\d\d\nMilton Schmitt/);
    expect(site.recorded.length).toBeGreaterThan(0);
    expect(site.recorded.join()).not.toContain(number);
    expect(site.recorded.join()).not.toContain('"d"');
    expect(faults).toEqual([]);
  });

  it("forgets it after 30 seconds, and not before", async () => {
    const { page } = await visit();
    await fillIn(page, cardId);
    await expect.poll(() => page.locator("#number").textContent()).toBe(grouped());
    await page.clock.runFor(29_000);
    expect(await page.locator("#number").textContent()).toBe(grouped());
    await page.clock.runFor(1_500);
    expect(await page.content()).not.toMatch(/\d{4} \d{4} \d{4}/);
    expect(await page.locator("#card").isVisible()).toBe(false);
    expect(await page.getByRole("status").textContent()).toBe("Forgotten.");
  });

  it("forgets it at once when told to", async () => {
    const { page } = await visit();
    await fillIn(page, cardId);
    await page.getByRole("button", { name: "Forget it now" }).click();
    expect(await page.locator("#number").textContent()).toBe("");
  });

  it("says why nothing is shown", async () => {
    const { page, faults } = await visit();
    await fillIn(page, "card_of_nobody");
    await expect.poll(() => page.getByRole("status").textContent()).toBe("There is no card with this id.");
    await page.getByLabel("Address of GraphQL").fill("http://127.0.0.1:9/graphql");
    await fillIn(page, cardId);
    await expect.poll(() => page.getByRole("status").textContent()).toBe("The card could not be shown.");
    expect(faults).toEqual([expect.stringContaining("ERR_")]);
  });

  it("lets nothing run but its own script and style, by their hashes", () => {
    const hashOf = (tag: string): string => {
      const [, text = ""] = new RegExp(`<${tag}[^>]*>([\\s\\S]*?)</${tag}>`).exec(REVEAL_PAGE) ?? [];
      return `sha256-${createHash("sha256").update(text).digest("base64")}`;
    };
    const [, policy = ""] = /http-equiv="Content-Security-Policy"\s+content="([^"]*)"/.exec(REVEAL_PAGE) ?? [];
    const rules = new Map(policy.split("; ").map((rule) => [rule.split(" ")[0], rule.split(" ").slice(1)]));
    expect(rules.get("default-src")).toEqual(["'none'"]);
    expect(rules.get("script-src")).toEqual([`'${hashOf("script")}'`]);
    expect(rules.get("style-src")).toEqual([`'${hashOf("style")}'`]);
    for (const rule of ["base-uri", "form-action", "trusted-types"]) expect(rules.get(rule)).toEqual(["'none'"]);
  });

  it("asks for nothing from outside", () => {
    expect(REVEAL_PAGE.match(/\b(?:src|href)="[^"]*"/g)).toBeNull();
  });
});

describe("the page before a server that asks who comes", () => {
  let issuer: Issuer;
  let guarded: Cardgraph;
  let front: RevealSite;
  beforeAll(async () => {
    issuer = await startIssuer();
    guarded = await startCardgraph({ env: issuer.env });
    front = await serveRevealPage(guarded.url);
  });
  afterAll(async () => {
    await front?.close();
    await guarded?.close();
    await issuer?.close();
  });

  it("sends the token, and says what is missing without one", async () => {
    const { page } = await visit();
    await page.getByLabel("Address of GraphQL").fill("/graphql");
    await page.goto(front.url);
    await fillIn(page, cardId);
    await expect.poll(() => page.getByRole("status").textContent()).toContain("Say who you are");
    const token = await issuer.tokenFor({ tenant: "acme", scopes: SCOPES.join(" ") });
    await page.getByLabel("Bearer token").fill(token.replace("Bearer ", ""));
    await fillIn(page, cardId);
    await expect.poll(() => page.getByRole("status").textContent()).toBe("There is no card with this id.");
  });
});
