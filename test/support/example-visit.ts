import type { Browser, BrowserContextOptions, Locator, Page, Request } from "playwright-core";
import { onTestFinished } from "vitest";

/** What a person may write into the form. */
export interface Details {
  readonly deposit: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
}

const DETAILS: Details = { deposit: "25", firstName: "Milton", lastName: "Schmitt", email: "milton@example.com" };

/** A GraphQL request as the page sent it. */
export interface Sent {
  readonly operationName: string;
  readonly variables: unknown;
}

/** Opens the example's page in a profile of its own, which ends with the test. */
export async function visitExample(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<ExampleVisit> {
  const context = await browser.newContext({ viewport: { width: 1100, height: 860 }, ...options });
  onTestFinished(() => context.close());
  const visit = new ExampleVisit(await context.newPage());
  await visit.page.goto(url);
  await visit.page.locator("select option:not([value=''])").first().waitFor({ state: "attached" });
  return visit;
}

/** A person on the example's page, and what the page did meanwhile. */
export class ExampleVisit {
  readonly page: Page;
  /** What the page wrote to its console as an error or threw, violations of its policy included. */
  readonly faults: string[] = [];
  /** The address of every request. */
  readonly addresses: string[] = [];
  /** The GraphQL requests. */
  readonly sent: Sent[] = [];

  constructor(page: Page) {
    this.page = page;
    page.on("pageerror", (error) => this.faults.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") this.faults.push(message.text());
    });
    page.on("request", (request) => {
      this.addresses.push(request.url());
      const { operationName, variables } = sentBy(request);
      if (operationName) this.sent.push({ operationName, variables });
    });
  }

  /** The orders that were sent, each as often as it was. */
  get orders(): readonly Sent[] {
    return this.sent.filter(({ operationName }) => operationName === "IssueCard");
  }

  /** The streams that were asked for. */
  get streams(): readonly Sent[] {
    return this.sent.filter(({ operationName }) => operationName === "FollowOrder");
  }

  /** Fills the form in, and presses its button. */
  async issue(details: Partial<Details> = {}): Promise<void> {
    const { deposit, firstName, lastName, email } = { ...DETAILS, ...details };
    await this.page.getByLabel("Deposit").fill(deposit);
    await this.page.getByLabel("First name").fill(firstName);
    await this.page.getByLabel("Last name").fill(lastName);
    await this.page.getByLabel("E-mail").fill(email);
    await this.press("Issue the card");
  }

  press(button: string): Promise<void> {
    return this.page.getByRole("button", { name: button }).click();
  }

  /** The sentence that says where the order stands. */
  headline(): Promise<string | null> {
    return this.page.getByRole("status").textContent();
  }

  /** What is said of a field besides its label: its hint and what is wrong with it. */
  async said(label: string): Promise<string> {
    const ids = await this.page.getByLabel(label).getAttribute("aria-describedby");
    const texts = (ids ?? "").split(" ").map((id) => this.page.locator(`[id="${id}"]`).textContent());
    return (await Promise.all(texts)).join(" ");
  }

  /** The name of the field that has the focus. */
  focused(): Promise<unknown> {
    return this.page.evaluate("document.activeElement.name");
  }

  /** The order number that the page keeps. */
  async keptNumber(): Promise<string> {
    return String(await this.page.evaluate('sessionStorage.getItem("cardgraph:orderNo")'));
  }

  /** The card of the order that the page follows. */
  get card(): Locator {
    return this.page.getByLabel("Your order").locator("article");
  }

  /** The cards of the list. */
  get cards(): Locator {
    return this.page.locator(".cards article");
  }

  /** Lets orders reach the server, and cuts the connection before the answer is there; so many times. */
  async loseAnswersToOrders(times: number): Promise<void> {
    let left = times;
    await this.page.route("**/graphql", async (route) => {
      if (left === 0 || sentBy(route.request()).operationName !== "IssueCard") return route.fallback();
      left -= 1;
      await route.fetch();
      await route.abort("connectionreset");
    });
  }

  /** Breaks streams before they begin; so many times. */
  async breakStreams(times: number): Promise<void> {
    let left = times;
    await this.page.route("**/graphql", async (route) => {
      if (left === 0 || sentBy(route.request()).operationName !== "FollowOrder") return route.fallback();
      left -= 1;
      await route.abort("connectionreset");
    });
  }
}

/** What a request says of itself; an empty name for one that is not GraphQL. graphql-sse sends no operation's name. */
function sentBy(request: Request): Sent {
  if (request.method() !== "POST") return { operationName: "", variables: null };
  const { operationName, query, variables } = request.postDataJSON() ?? {};
  return { operationName: operationName ?? /(?:query|mutation|subscription) (\w+)/.exec(query)?.[1] ?? "", variables };
}
