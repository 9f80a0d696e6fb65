import type { Browser, BrowserContextOptions } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CreateVirtualCardDocument } from "../generated/graphql.js";
import { openBrowser } from "../support/browser.js";
import { type Cardgraph, startCardgraph } from "../support/cardgraph.js";
import { type ExamplePage, serveExample } from "../support/example-page.js";
import { type ExampleVisit, visitExample } from "../support/example-visit.js";
import { takePicture } from "../support/picture.js";

let server: Cardgraph;
let site: ExamplePage;
let browser: Browser;
beforeAll(async () => {
  server = await startCardgraph({ env: { RECONCILE_SCHEDULE_MS: "20" }, prepaidify: { stageMs: 250 } });
  site = await serveExample(server.url);
  browser = await openBrowser();
  const holders = [
    "Ada Lovelace",
    "Grace Hopper",
    "Edith Clarke",
    "Mary Keller",
    "Joan Clarke",
    "Kay Antonelli",
    "Ida Rhodes",
  ];
  for (const [at, holder] of holders.entries()) {
    const [firstName = "", lastName = ""] = holder.split(" ");
    const input = {
      orderNo: `listed-${at}`,
      cardRangeId: "vab_069af8a792ad",
      deposit: { amountMinor: 2_500 * (at + 1), currency: "USD" },
      cardHolder: { firstName, lastName },
    };
    await server.ask(CreateVirtualCardDocument, { input });
  }
});
afterAll(async () => {
  await browser?.close();
  await site?.close();
  await server.close();
});

/** Waits for what a card takes some time for. */
const soon = (look: () => unknown) => expect.poll(look, { timeout: 10_000 });
const visitPage = (options?: BrowserContextOptions): Promise<ExampleVisit> => visitExample(browser, site.url, options);

/** What is written on what, by the names of the page's colours. */
const WRITTEN_ON = [
  ["text", "page"],
  ["text", "panel"],
  ["text", "wash"],
  ["text", "bad-wash"],
  ["quiet", "page"],
  ["quiet", "panel"],
  ["quiet", "bad-wash"],
  ["bad", "panel"],
  ["accent-strong", "wash"],
  ["on-accent", "accent"],
  ["on-accent", "accent-strong"],
] as const;

/** Contrast of two colours in hexadecimal, as WCAG 2 defines it: 1 to 21. */
function contrastOf(one: string, other: string): number {
  const [light = 1, dark = 1] = [luminanceOf(one), luminanceOf(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function luminanceOf(color: string): number {
  // A style sheet that was made small has `#fff` for `#ffffff`.
  const digits = color.length === 4 ? color.replace(/[0-9a-f]/g, "$&$&") : color;
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(digits.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

describe("the example's page", () => {
  it("lists the newest cards, and more of them when asked", async () => {
    const visit = await visitPage();
    const { page, cards } = visit;
    await soon(() => cards.count()).toBe(6);
    expect(await cards.first().textContent()).toContain("Ida Rhodes");
    await visit.press("More cards");
    await soon(() => cards.count()).toBe(7);
    expect(await cards.last().textContent()).toContain("Ada Lovelace");
    expect(await page.getByRole("button", { name: "More cards" }).count()).toBe(0);
  });

  it("has a name for each control, in the order of the keyboard, and one heading above all", async () => {
    const { page } = await visitPage();
    for (const label of ["Card range", "Deposit", "First name", "Last name", "E-mail"]) {
      await page.keyboard.press("Tab");
      expect(await page.evaluate("document.activeElement.labels[0].textContent")).toBe(label);
    }
    await page.keyboard.press("Tab");
    expect(await page.locator(":focus").textContent()).toBe("Issue the card");
    expect(await page.locator("h1").count()).toBe(1);
    expect(await page.locator("html").getAttribute("lang")).toBe("en");
  });

  it.each(["light", "dark"] as const)("can be read in the %s scheme", async (colorScheme) => {
    const visit = await visitPage({ colorScheme });
    const style = "getComputedStyle(document.documentElement)";
    const colorOf = async (name: string) => String(await visit.page.evaluate(`${style}.getPropertyValue("--${name}")`));
    for (const [text, ground] of WRITTEN_ON) {
      const contrast = contrastOf(await colorOf(text), await colorOf(ground));
      expect(contrast, `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
    }
    await visit.issue({ firstName: "Al" });
    await visit.page.locator("[aria-invalid=true]").first().waitFor();
    await takePicture(visit.page, `dist/pictures/example-${colorScheme}.png`);
  });

  it("shows an order's way beside its card, and the list below", async () => {
    const visit = await visitPage();
    await visit.issue();
    await soon(() => visit.headline()).toBe("Your card is ready.");
    await soon(() => visit.cards.first().textContent()).toBe(await visit.card.textContent());
    await takePicture(visit.page, "dist/pictures/example-ready.png");
  });

  it.each(["light", "dark"] as const)("fits a small %s screen without scrolling sideways", async (colorScheme) => {
    const visit = await visitPage({ viewport: { width: 390, height: 844 }, colorScheme });
    const width = () => visit.page.evaluate("document.documentElement.scrollWidth");
    expect(await width()).toBe(390);
    await takePicture(visit.page, `dist/pictures/example-small-form-${colorScheme}.png`);
    await visit.loseAnswersToOrders(1);
    await visit.issue();
    await visit.page.getByRole("alert").waitFor();
    await takePicture(visit.page, `dist/pictures/example-small-unclear-${colorScheme}.png`);
    await visit.press("Try again");
    await soon(() => visit.headline()).toBe("Your card is ready.");
    await takePicture(visit.page, `dist/pictures/example-small-ready-${colorScheme}.png`);
    expect(await width()).toBe(390);
  });

  it.each([
    ["no-preference", "turn"],
    ["reduce", "none"],
  ] as const)("moves nothing for a person who prefers that: %s", async (reducedMotion, animation) => {
    const visit = await visitPage({ reducedMotion });
    await visit.issue({ deposit: "10.14" });
    await visit.page.locator(".progress .current").waitFor();
    const style = 'getComputedStyle(document.querySelector(".progress .current"), "::before")';
    expect(await visit.page.evaluate(`${style}.animationName`)).toBe(animation);
  });
});
