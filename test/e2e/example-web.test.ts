import type { Browser, BrowserContextOptions } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openBrowser } from "../support/browser.js";
import { type Cardgraph, startCardgraph } from "../support/cardgraph.js";
import { type ExamplePage, serveExample } from "../support/example-page.js";
import { type ExampleVisit, visitExample } from "../support/example-visit.js";

/** A deposit whose card does not open by itself: the test leads it from stage to stage. */
const LED_MINOR = 2_600;
const READY = "Your card is ready.";

let server: Cardgraph;
let site: ExamplePage;
let browser: Browser;
beforeAll(async () => {
  server = await startCardgraph({
    env: { RECONCILE_SCHEDULE_MS: "20" },
    prepaidify: {
      stageMs: 150,
      onAccepted: ({ cardId, ordered }) => {
        if (ordered === LED_MINOR) server.prepaidify.setCardStatus(cardId, "INIT");
      },
    },
  });
  site = await serveExample(server.url);
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await site?.close();
  await server.close();
});

/** Waits for what a card takes some time for. */
const soon = (look: () => unknown) => expect.poll(look, { timeout: 10_000 });
const visitPage = (options?: BrowserContextOptions): Promise<ExampleVisit> => visitExample(browser, site.url, options);
const cardsOf = (orderNo: string): number | undefined => server.prepaidify.cardsByOrderNo().get(orderNo);

/** The provider's stages, and what the page calls each. */
const STAGES = [
  ["INIT_CREATE_CARD_HOLDER", "Cardholder registered"],
  ["INIT_CREATE_CARD", "Card made"],
  ["INIT_ACTIVE_CARD", "Ready to use"],
] as const;

describe("a person who issues a card on the example's page", () => {
  it("sees its stages as they come, then the card with masked digits", async () => {
    const visit = await visitPage();
    await soon(() => visit.page.locator(".cards").textContent()).toContain("No card yet");
    await visit.issue({ deposit: "26" });
    await soon(() => server.prepaidify.cards().length).toBe(1);
    const [{ cardId } = { cardId: "" }] = server.prepaidify.cards();
    for (const [status, stage] of STAGES) {
      server.prepaidify.setCardStatus(cardId, status);
      await soon(() => visit.page.locator(".progress .current").allTextContents()).toEqual([`${stage} (under way)`]);
      expect(await visit.page.locator(".channel").textContent()).toContain("Live");
    }
    server.prepaidify.setCardStatus(cardId, "ACTIVE");
    await soon(() => visit.headline()).toBe(READY);
    expect(await visit.page.locator(".progress .done").count()).toBe(5);
    expect(await visit.card.textContent()).toMatch(/^\$26\.00Active4000 00•• •••• \d{4}Milton Schmitt\d\d\/\d\d$/);
    await soon(() => visit.cards.allTextContents()).toEqual([await visit.card.textContent()]);
    const { headers } = await fetch(site.url);
    expect(headers.get("content-security-policy")).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/);
    expect(visit.faults).toEqual([]);
    expect(visit.addresses.filter((url) => !url.startsWith(site.url))).toEqual([]);
  });

  it("is told of every fault at its field, is brought to the first, and keeps the number", async () => {
    const visit = await visitPage();
    await visit.issue({ deposit: "1.00", firstName: "Al", email: "nobody" });
    await soon(() => visit.page.locator("[aria-invalid=true]").count()).toBe(3);
    expect(await visit.said("Deposit")).toContain("Deposit must be at least 500 (USD 5.00)");
    expect(await visit.said("First name")).toContain("First name must be at least 3 letters");
    expect(await visit.said("E-mail")).toContain("E-mail must be an e-mail address");
    expect(await visit.focused()).toBe("deposit.amountMinor");
    const orderNo = await visit.keptNumber();
    expect(cardsOf(orderNo)).toBeUndefined();
    await visit.issue();
    await soon(() => visit.headline()).toBe(READY);
    expect(cardsOf(orderNo)).toBe(1);
  });

  it("is asked again for an amount that cannot be read, before anything is sent", async () => {
    const visit = await visitPage();
    await visit.issue({ deposit: "1,000" });
    expect(await visit.said("Deposit")).toContain("Deposit must be an amount such as 10.50");
    expect(await visit.focused()).toBe("deposit.amountMinor");
    expect(visit.orders).toEqual([]);
  });

  it("sees why the issuer refused, and orders another card under another number", async () => {
    const visit = await visitPage();
    await visit.issue({ deposit: "10.01" });
    await soon(() => visit.headline()).toContain("The order failed");
    expect(await visit.page.locator(".progress .problem").textContent()).toContain("This is not your fault.");
    const refused = await visit.keptNumber();
    await visit.press("Issue another card");
    await visit.issue();
    await soon(() => visit.headline()).toBe(READY);
    expect(await visit.keptNumber()).not.toBe(refused);
  });

  it("sees where an order failed whose card could not be made", async () => {
    const visit = await visitPage();
    await visit.issue({ deposit: "10.10" });
    await soon(() => visit.page.locator(".progress .failed").count()).toBe(1);
    expect(await visit.page.locator(".progress .problem").textContent()).toContain("The deposit was refunded in full.");
  });

  it("sees a request that the server cannot carry out for what it is, with the id to quote", async () => {
    const visit = await visitPage();
    await visit.page.route("**/graphql", (route) => route.continue({ postData: "{" }), { times: 1 });
    await visit.issue();
    const said = () => visit.page.getByRole("alert").textContent();
    await soon(said).toMatch(/^The body is not valid JSON in UTF-8\..*BAD_REQUEST · request [0-9a-f-]{36}$/);
  });
});

describe("an order whose answer is lost", () => {
  it("is sent again under its number, as it was, and makes no second card", async () => {
    const visit = await visitPage();
    await visit.loseAnswersToOrders(2);
    await visit.issue();
    await soon(() => visit.page.getByRole("alert").textContent()).toContain("there is one card at most");
    expect(await visit.page.getByLabel("Deposit").isDisabled()).toBe(true);
    await visit.press("Try again");
    await soon(() => visit.orders.length).toBe(2);
    await visit.press("Try again");
    await soon(() => visit.headline()).toBe(READY);
    const [first] = visit.orders;
    expect(visit.orders).toEqual([first, first, first]);
    expect(cardsOf(await visit.keptNumber())).toBe(1);
  });

  it("is one order however often the button is pressed in one moment", async () => {
    const visit = await visitPage();
    await visit.page.getByLabel("Deposit").fill("25");
    await visit.page.getByLabel("E-mail").fill("milton@example.com");
    await visit.page.evaluate("for (let n = 0; n < 3; n += 1) document.querySelector('form').requestSubmit()");
    await soon(() => visit.headline()).toBe(READY);
    expect(new Set(visit.orders.map((sent) => JSON.stringify(sent))).size).toBe(1);
    expect(cardsOf(await visit.keptNumber())).toBe(1);
  });

  it("is found again after a reload, by a number that is all that was kept", async () => {
    const visit = await visitPage();
    await visit.loseAnswersToOrders(1);
    await visit.issue();
    await visit.page.getByRole("alert").waitFor();
    expect(await visit.page.evaluate("Object.values(sessionStorage)")).toEqual([await visit.keptNumber()]);
    await visit.page.reload();
    await soon(() => visit.headline()).toBe(READY);
    expect(visit.orders).toHaveLength(1);
    expect(cardsOf(await visit.keptNumber())).toBe(1);
  });

  it("may be changed once it is known that none stands under the number", async () => {
    const visit = await visitPage();
    await visit.page.route("**/graphql", (route) => route.abort(), { times: 1 });
    await visit.issue();
    await visit.press("Change the details");
    await soon(() => visit.page.getByLabel("Deposit").isEnabled()).toBe(true);
    await visit.issue({ deposit: "30" });
    await soon(() => visit.card.textContent()).toContain("$30.00Active");
  });

  it("is shown as it was placed when it overtook the look for it and is sent with other details", async () => {
    const visit = await visitPage();
    await visit.loseAnswersToOrders(1);
    await visit.issue();
    await visit.page.getByRole("alert").waitFor();
    const notThere = { data: { cardOrder: null } };
    await visit.page.route("**/graphql", (route) => route.fulfill({ json: notThere }), { times: 1 });
    await visit.press("Change the details");
    await soon(() => visit.page.getByLabel("Deposit").isEnabled()).toBe(true);
    await visit.issue({ deposit: "31" });
    await soon(() => visit.card.textContent()).toContain("$25.00Active");
    expect(await visit.page.locator(".placed .note").textContent()).toContain("with other details. It is shown here.");
    expect(cardsOf(await visit.keptNumber())).toBe(1);
  });
});

describe("an order whose stream breaks", () => {
  it("is asked for instead, and says so", async () => {
    const visit = await visitPage();
    await visit.breakStreams(100);
    await visit.issue({ deposit: "26" });
    await soon(() => visit.page.locator(".channel").textContent()).toContain("asking every few seconds");
    expect(await visit.headline()).toBe("The issuer is making your card.");
    server.prepaidify.setCardStatus(server.prepaidify.cards().at(-1)?.cardId ?? "", "ACTIVE");
    await soon(() => visit.headline()).toBe(READY);
  });

  it("is streamed again as soon as that is possible", async () => {
    const visit = await visitPage();
    await visit.breakStreams(1);
    await visit.issue({ deposit: "10.14" });
    const channel = () => visit.page.locator(".channel").textContent();
    await soon(channel).toContain("asking every few seconds");
    await soon(channel).toContain("Live");
    expect(await visit.headline()).toContain("not confirmed the order yet");
  });

  it("is streamed anew when the stream has been silent for half a minute, and loses nothing by that", async () => {
    const visit = await visitPage();
    await visit.page.clock.install();
    await visit.page.reload();
    await visit.page.locator("select option").first().waitFor({ state: "attached" });
    await visit.issue({ deposit: "26" });
    await soon(() => visit.streams.length).toBe(1);
    await soon(() => visit.page.locator(".channel").textContent()).toContain("Live");
    await visit.page.clock.fastForward(31_000);
    await soon(() => visit.streams.length).toBe(2);
    expect(await visit.page.locator(".channel").textContent()).toContain("Live");
    server.prepaidify.setCardStatus(server.prepaidify.cards().at(-1)?.cardId ?? "", "ACTIVE");
    await soon(() => visit.headline()).toBe(READY);
  });
});
