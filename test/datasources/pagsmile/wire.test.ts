import { describe, expect, it } from "vitest";
import { parseContactId, parseJson, parseResponse } from "../../../src/datasources/pagsmile/wire.js";

describe("an answer's envelope", () => {
  it("is read from the documents' own example, with the fields that are encrypted as text", () => {
    const text = `{"code":"10000","msg":"OK","total":1,"random_key":"k","sign_type":"RSA","app_id":"1","data":"d"}`;
    expect(parseResponse(text)).toEqual({ code: "10000", msg: "OK", random_key: "k", app_id: "1", data: "d" });
  });

  it("may have its codes as numbers, as related pages print them", () => {
    expect(parseResponse('{"code":40002,"sub_code":7}')).toEqual({ code: "40002", sub_code: "7" });
  });

  it.each([
    "",
    "<html></html>",
    "[]",
    "null",
    '"10000"',
    "{}",
    '{"code":null}',
    '{"code":{}}',
    '{"code":1.5}',
    '{"code":"10000","data":{"contact_id":1}}',
    '{"code":"10000","random_key":1}',
    '{"code":"10000","app_id":17}',
  ])("is refused when it reads %s", (text) => {
    expect(parseResponse(text)).toBeNull();
  });
});

describe("a contact id", () => {
  it.each([
    ['{"contact_id":100848}', "100848"],
    ['{"contact_id": 100848 , "more": [1, {"x": 2}]}', "100848"],
    ['{"contact_id":"100848"}', "100848"],
    ['{"contact_id":9007199254740993}', "9007199254740993"],
    ['{"contact_id":9223372036854775807}', "9223372036854775807"],
    ['{"contact_id":"ct_0a-b.c"}', "ct_0a-b.c"],
    [`{"contact_id":"${"7".repeat(64)}"}`, "7".repeat(64)],
  ])("of %s is %s, with every digit", (text, id) => {
    expect(parseContactId(text)).toBe(id);
  });

  it.each([
    "",
    "100848",
    "[]",
    "{}",
    '[{"contact_id":100848}]',
    '{"contact_id":null}',
    '{"contact_id":0}',
    '{"contact_id":"0"}',
    '{"contact_id":-1}',
    '{"contact_id":-9007199254740993}',
    '{"contact_id":1.5}',
    '{"contact_id":1e30}',
    '{"contact_id":true}',
    '{"contact_id":""}',
    '{"contact_id":"-"}',
    '{"contact_id":"a b"}',
    '{"contact_id":"<b>"}',
    `{"contact_id":"${"7".repeat(65)}"}`,
    `{"contact_id":${"7".repeat(65)}}`,
  ])("is not found in %s", (text) => {
    expect(parseContactId(text)).toBeNull();
  });
});

describe("JSON", () => {
  it("keeps the digits of whole numbers that a JavaScript number would round, and leaves the others numbers", () => {
    const text = '{"a":9007199254740993,"b":[-9007199254740993,1,-1.5,1e3],"c":"9007199254740993"}';
    const exact = { a: "9007199254740993", b: ["-9007199254740993", 1, -1.5, 1000], c: "9007199254740993" };
    expect(parseJson(text)).toEqual(exact);
  });

  it("is undefined when it is none", () => {
    expect(parseJson("{")).toBeUndefined();
  });

  it("cannot reach an object's prototype", () => {
    expect(parseResponse('{"__proto__":{"code":"10000"}}')).toBeNull();
  });
});
