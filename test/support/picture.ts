import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import type { Page } from "playwright-core";
import { screenshot } from "./browser.js";

/**
 * Takes a picture of what a page shows, for the documents or to be looked at, when `RETAKE_PICTURES` asks for it:
 * pictures differ a little from machine to machine, so a plain test run leaves those alone that are committed.
 */
export async function takePicture(page: Page, path: string): Promise<void> {
  if (!process.env.RETAKE_PICTURES) return;
  mkdirSync(dirname(path), { recursive: true });
  await screenshot(page, path);
}
