import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { OrderNumber } from "../../examples/web/src/order-number.js";
import { ORDER_NO } from "../../src/schema/inputs.js";

function shelf(): Pick<Storage, "getItem" | "setItem"> {
  const kept = new Map<string, string>();
  return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value) };
}

describe("the number of the page's order", () => {
  it("is kept before anybody has it, and stays the same until it is given up", () => {
    const tab = shelf();
    const number = new OrderNumber(tab, randomBytes);
    expect(number.kept).toBeNull();
    const first = number.take();
    expect(new OrderNumber(tab, randomBytes).kept).toBe(first);
    expect(number.take()).toBe(first);
    expect(number.renew()).not.toBe(first);
    expect(number.kept).not.toBe(first);
  });

  it("is one that the server takes, whatever chance makes of it", () => {
    for (let byte = 0; byte < 256; byte += 1) {
      expect(new OrderNumber(shelf(), (length) => new Uint8Array(length).fill(byte)).take()).toMatch(ORDER_NO);
    }
  });
});
