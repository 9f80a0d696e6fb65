import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { openBrowser } from "../support/browser.js";

const WORKLOADS = ["W1", "W2", "W3", "W4", "W5"];
const SERVERS = ["cardgraph", "apollo-express", "yoga", "mercurius", "rest"];

/** A number as it stands in the results. */
const about = (median: number) => ({ median, min: median, max: median, rounds: [median] });

const results = WORKLOADS.flatMap((workload, row) =>
  [...SERVERS, "cardgraph-embedded"].map((target, index) => ({
    workload,
    title: workload === "W4" ? "card by id beside createCardContact" : 'a title with <marks> & "quotes"',
    target,
    database: target === "cardgraph-embedded" ? "embedded" : "postgres",
    cpuUs: about(100_000 / (index + 1) / (row + 1)),
    p99Ms: about(1234.5 / (index + 1)),
    ...(workload === "W4" && { addedP99Ms: about(0.4) }),
  })),
);
const RUN = { results, machine: { node: "v24.1.2", cores: 2 }, postgres: "18.4", effort: { rounds: 5 } };

describe("the picture of the results", () => {
  let picture = "";
  beforeAll(async () => {
    const { drawResults } = await import(new URL("../../bench/lib/picture.mjs", import.meta.url).href);
    picture = drawResults(RUN);
  });

  /** The texts of the picture as a browser shows them, with where they are. */
  async function show(colorScheme: "light" | "dark") {
    const browser = await openBrowser();
    onTestFinished(() => browser.close());
    const page = await browser.newPage({ colorScheme });
    await page.setContent(`<body style="margin: 0">${picture}</body>`);
    const texts = await page.locator("svg text").all();
    const size = await page.locator("svg").boundingBox();
    if (!size) throw new Error("no picture is shown");
    const shown = [];
    for (const text of texts) {
      const box = await text.boundingBox();
      const color = await text.evaluate((element) => getComputedStyle(element).fill);
      shown.push({ text: (await text.textContent()) ?? "", box, color });
    }
    const background = await page.locator(".page").evaluate((element) => getComputedStyle(element).fill);
    const bars = await page.locator("svg g rect").all();
    const barBoxes = await Promise.all(bars.map((bar) => bar.boundingBox()));
    return { size, shown, background, bars: barBoxes.flatMap((box) => box ?? []) };
  }

  it("has every workload and every server on PostgreSQL, with its number and its ratio to this server's", async () => {
    const { shown } = await show("light");
    const texts = shown.map(({ text }) => text);
    for (const id of WORKLOADS) expect(texts.filter((text) => text.startsWith(`${id} `))).toHaveLength(1);
    for (const server of SERVERS) expect(texts.filter((text) => text === server)).toHaveLength(WORKLOADS.length);
    expect(texts).toContain("100000  1.00x");
    expect(texts).toContain("50000  0.50x");
    expect(texts).not.toContain("cardgraph-embedded");
  });

  it("shows of W4 what it is about, the p99 of the other requests", async () => {
    const texts = (await show("light")).shown.map(({ text }) => text);
    expect(texts).toContain("p99 of the other requests, ms");
    expect(texts).toContain("1234.5  1.00x");
  });

  it("cuts no text off, and writes none over another or over a bar", async () => {
    const { size, shown, bars } = await show("light");
    const boxes = shown.flatMap(({ text, box }) => (box ? [{ text, ...box }] : []));
    expect(boxes).toHaveLength(shown.length);
    const outside = boxes.filter(
      ({ x, y, width, height }) => x < 0 || y < 0 || x + width > size.width || y + height > size.height,
    );
    expect(outside).toEqual([]);
    const overlapping = boxes.flatMap((text, index) =>
      [...boxes.slice(index + 1), ...bars].filter((other) => overlaps(text, other)).map(() => text.text),
    );
    expect(overlapping).toEqual([]);
  });

  it("is dark where the reader's screen is", async () => {
    const [light, dark] = [await show("light"), await show("dark")];
    expect(light.background).not.toBe(dark.background);
    expect(light.shown[0]?.color).not.toBe(dark.shown[0]?.color);
  });
});

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function overlaps(left: Box, right: Box): boolean {
  return (
    left.x < right.x + right.width &&
    right.x < left.x + left.width &&
    left.y < right.y + right.height &&
    right.y < left.y + left.height
  );
}
