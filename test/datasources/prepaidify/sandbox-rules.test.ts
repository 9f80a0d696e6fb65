import { describe, expect, it } from "vitest";
import { FORM, type Sending, send } from "./sandbox-request.js";
import { world } from "./support.js";

describe("the sandbox refuses", () => {
  const minuteAgo = (): string => String(Date.now() - 61_000);
  it.each<[string, string, () => Sending]>([
    ["a request without access key", "200001", () => ({ headers: { "ach-access-key": null } })],
    ["a request without timestamp", "200001", () => ({ headers: { "ach-access-timestamp": null } })],
    ["a request without signature", "200001", () => ({ headers: { "ach-access-sign": null } })],
    ["a request without e-mail address", "200001", () => ({ headers: { email: null } })],
    ["an e-mail address that is none", "200002", () => ({ headers: { email: "ada" } })],
    ["a timestamp older than a minute", "200005", () => ({ timestamp: minuteAgo() })],
    ["a timestamp in the future", "200005", () => ({ timestamp: String(Date.now() + 61_000) })],
    ["a timestamp in seconds", "200005", () => ({ timestamp: String(Math.floor(Date.now() / 1_000)) })],
    ["an access key of nobody", "300002", () => ({ headers: { "ach-access-key": "other" } })],
    ["a wrong signature", "200006", () => ({ headers: { "ach-access-sign": "AAAA" } })],
    [
      "a signature of another moment",
      "200006",
      () => ({ headers: { "ach-access-timestamp": String(Date.now() + 5) } }),
    ],
    ["a body in another form than the signed one", "200006", () => ({ body: JSON.stringify({ ...FORM, a: null }) })],
    ["another content type", "200003", () => ({ headers: { "content-type": "text/plain" } })],
    ["a body that is not JSON", "200004", () => ({ body: "{" })],
    ["a body that is a list", "200004", () => ({ body: "[1]" })],
    ["a body nested without end", "200006", () => ({ body: `{"a":${"[".repeat(9_000)}1${"]".repeat(9_000)}}` })],
    ["a missing range", "200001", () => ({ form: { ...FORM, vid: null } })],
    ["a range that does not exist", "200002", () => ({ form: { ...FORM, vid: "v_none" } })],
    ["a missing order number", "200001", () => ({ form: { ...FORM, orderNo: null } })],
    ["an order number of another shape", "200002", () => ({ form: { ...FORM, orderNo: "order 1" } })],
    ["an order number that is too long", "200002", () => ({ form: { ...FORM, orderNo: "o".repeat(65) } })],
    ["a missing callback address", "200001", () => ({ form: { ...FORM, callbackUrl: null } })],
    ["a callback address that is none", "200002", () => ({ form: { ...FORM, callbackUrl: "merchant.example" } })],
    [
      "a callback address that is too long",
      "200002",
      () => ({ form: { ...FORM, callbackUrl: `http://a/${"p".repeat(250)}` } }),
    ],
    ["a missing deposit", "200001", () => ({ form: { ...FORM, deposit: null } })],
    ["a deposit that is a number", "200002", () => ({ form: { ...FORM, deposit: 5000 } })],
    ["a deposit in dollars", "200002", () => ({ form: { ...FORM, deposit: "50.00" } })],
    ["a deposit below USD 5", "400005", () => ({ form: { ...FORM, deposit: "499" } })],
    ["a deposit above USD 5000", "400005", () => ({ form: { ...FORM, deposit: "500001" } })],
    [
      "a deposit below the range's own least",
      "300003",
      () => ({ form: { ...FORM, vid: "vab_7d20c1e4f3b8", deposit: "1999" } }),
    ],
    [
      "a name of two letters",
      "200002",
      () => ({ form: { ...FORM, cardHolder: { firstName: "Al", lastName: "Lovelace" } } }),
    ],
    [
      "a name that is not of plain letters",
      "200002",
      () => ({ form: { ...FORM, cardHolder: { firstName: "Ada", lastName: "O'Hara" } } }),
    ],
    ["half a cardholder", "200001", () => ({ form: { ...FORM, cardHolder: { firstName: "Ada" } } })],
    ["an order that the merchant does not confirm", "200008", () => ({ form: { ...FORM, orderNo: "order-2" } })],
    ["a card that does not exist", "404005", () => ({ path: "/open/api/card/info", form: { cardId: "c_none" } })],
    ["a card without id", "200001", () => ({ path: "/open/api/card/info", form: { other: 1 } })],
  ])("%s with %s, and opens nothing", async (_what, code, sending) => {
    const { sandbox } = await world();
    const { json } = await send(sandbox, sending());
    expect(json).toMatchObject({ code, success: false, error: true, model: null });
    expect(sandbox.cards()).toEqual([]);
  });

  it("an order number that it has, also while the first one is under way", async () => {
    const { sandbox } = await world();
    const both = await Promise.all([send(sandbox), send(sandbox)]);
    expect(both.map(({ json }) => json.code).sort()).toEqual(["300001", 0].sort());
    expect((await send(sandbox)).json.code).toBe("300001");
    expect(sandbox.cardsByOrderNo()).toEqual(new Map([["order-1", 1]]));
  });

  it("nothing that it declined before: the order number is free again", async () => {
    const { sandbox } = await world();
    sandbox.script({ kind: "decline", code: "403101" });
    expect((await send(sandbox)).json.code).toBe("403101");
    expect((await send(sandbox)).json.code).toBe(0);
  });

  it("a path that does not exist, and a request without end", async () => {
    const { sandbox } = await world();
    expect((await send(sandbox, { path: "/open/api/card/cancel" })).status).toBe(404);
    await expect(send(sandbox, { body: "x".repeat(70_000) })).rejects.toThrow();
  });
});
