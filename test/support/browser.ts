import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";
import { expect } from "vitest";

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** What a page did since {@link openPlayground} opened it. The lists keep growing while the page is open. */
export interface PlaygroundVisit {
  /** The address of every request of the page and its workers, in order. */
  readonly requests: readonly string[];
  /** What the page wrote as an error to its console or threw, violations of its policy included. */
  readonly faults: readonly string[];
}

/**
 * A real browser: the machine's Chromium, or the one that CHROMIUM_PATH names. The caller closes it.
 * Throws when there is none, since a skipped browser test would look like a passed one.
 */
export async function openBrowser(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";
  if (!existsSync(executablePath)) {
    throw new Error(
      `The browser tests need Chromium and found none at ${executablePath}. ` +
        "Install it (Debian: apt-get install chromium) or set CHROMIUM_PATH to where it is.",
    );
  }
  return chromium.launch({ executablePath, args: FLAGS });
}

/** Opens the playground of the server at `origin` and waits until the editors and the schema are there. */
export async function openPlayground(page: Page, origin: string): Promise<PlaygroundVisit> {
  const requests: string[] = [];
  const faults: string[] = [];
  // Workers load their scripts outside the page, so the whole context is watched.
  page.context().on("request", (request) => requests.push(request.url()));
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") faults.push(message.text());
  });
  const introspected = page.waitForResponse(
    (response) => response.request().postData()?.includes("IntrospectionQuery") ?? false,
  );
  await page.goto(`${origin}/graphiql`);
  await introspected;
  await page.locator(".graphiql-query-editor .view-line").first().waitFor();
  return { requests, faults };
}

/** The names on the tabs, in order. */
export async function readTabTitles(page: Page): Promise<string[]> {
  return page.locator(".graphiql-tabs .graphiql-tab-button").allInnerTexts();
}

/** Brings a tab to the front. `title` is what stands on the tab: the operation's name. */
export async function selectTab(page: Page, title: string): Promise<void> {
  await page.locator(".graphiql-tab-button", { hasText: new RegExp(`^${title}$`) }).click();
  await untilRead(page, title);
}

/**
 * Waits until GraphiQL has read the operation in its editor. It does so a moment after the text came there, and until
 * then would run it under the name of the one before. What it has read it puts into the storage.
 */
export async function untilRead(page: Page, operationName: string): Promise<void> {
  const readStored = () => page.evaluate('localStorage.getItem("cardgraph:graphiql:query") ?? ""');
  await expect.poll(readStored).toContain(` ${operationName}`);
}

/**
 * Runs a tab with the variables in its editor, as a click on the play button does, and gives the answer's JSON text
 * once the page shows it. `title` is what stands on the tab: the operation's name.
 */
export async function runTab(page: Page, title: string): Promise<string> {
  await selectTab(page, title);
  const answered = page.waitForResponse(
    (response) => response.request().method() === "POST" && response.request().postDataJSON()?.operationName === title,
  );
  await page.locator(".graphiql-execute-button").click();
  const text = await (await answered).text();
  await page.locator(".result-window .view-lines", { hasText: /"(data|errors)"/ }).waitFor();
  return text;
}

/** Writes a picture of what the window shows, as a PNG, to `path`. */
export async function screenshot(page: Page, path: string): Promise<void> {
  // Monaco's cursor and GraphiQL's spinner would make no two pictures alike.
  await page.screenshot({ path, animations: "disabled", caret: "hide" });
}
