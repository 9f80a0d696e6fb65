import { describe, expect, it } from "vitest";
import {
  canonicalJson,
  isSameSignature,
  type JsonValue,
  sign,
  signingKey,
} from "../../../src/datasources/prepaidify/crypto.js";

const KEY = signingKey("test-secret-0123456789abcdef");

describe("a signature", () => {
  it.each([
    ["1538054050234", "GET", "/open/api/card/enum/us/states", "", "vF6OJfki/Ad0oWcVD3TpU2LOUEj3DAPM1xQkPYnAr4U="],
    [
      "1538054050234",
      "POST",
      "/open/api/card/trade/list",
      '{"cardId":"c_xxxxxxxxxxx","current":1,"size":10}',
      "mku+2oVwQI7V6Kt0ackbbYkBGbN8+GocsnkkzwmJpmc=",
    ],
    [
      "1538054050234",
      "POST",
      "/open/api/card/create",
      '{"callbackUrl":"https://merchant.example/callbacks/prepaidify","cardHolder":{"firstName":"Milton",' +
        '"lastName":"Schmitt"},"deposit":"1000","orderNo":"v_5bc814","vid":"vab_069af8a792ad"}',
      "SpETH8u8dLdjmNI6JMpphOQeIzMSit3BwyodlErRXw4=",
    ],
    [
      "1700549311596",
      "GET",
      "/card/reverse/check?orderNo=v_5bc814",
      "",
      "yB/A9KiPPPXP3NRVHZ2Pb2qDsalWS1n7qouRwkHoJ3A=",
    ],
  ] as const)("of %s %s %s is the one of the reference", (timestamp, method, path, body, signature) => {
    expect(sign(KEY, timestamp, method, path, body)).toBe(signature);
  });

  it("takes the secret as text, not as hexadecimal or Base64", () => {
    expect(sign(signingKey("00ff"), "1", "GET", "/", "")).not.toBe(
      sign(signingKey(Buffer.from("00ff", "hex").toString("latin1")), "1", "GET", "/", ""),
    );
    expect(sign(signingKey("schlüssel"), "1", "GET", "/", "")).toBe("YS7p3Qly4TN7k3W3r9tZMzEFNcn901+kClC85miF8NU=");
  });

  it("is compared without being fooled by length or by one character", () => {
    const good = sign(KEY, "1538054050234", "GET", "/a", "");
    expect(isSameSignature(good, good)).toBe(true);
    expect(isSameSignature(good.slice(1), good)).toBe(false);
    expect(isSameSignature(`${good.slice(0, -2)}A=`, good)).toBe(false);
    expect(isSameSignature("", good)).toBe(false);
  });
});

describe("canonical JSON", () => {
  it("leaves out null, empty text, empty lists and empty objects at every depth", () => {
    expect(canonicalJson({ a: null, b: "", c: [], d: {}, e: undefined, f: { g: null, h: 1 } })).toBe('{"f":{"h":1}}');
  });

  it("leaves out what became empty by leaving out", () => {
    expect(canonicalJson({ a: { b: { c: null } }, d: [null, "", {}], e: 0 })).toBe('{"e":0}');
  });

  it("is empty when nothing remains", () => {
    for (const nothing of [null, undefined, "", {}, [], { a: {} }]) expect(canonicalJson(nothing)).toBe("");
  });

  it("keeps zero and false, which are values", () => {
    expect(canonicalJson({ a: 0, b: false })).toBe('{"a":0,"b":false}');
  });

  it("sorts members by code unit, also those that look like numbers", () => {
    expect(canonicalJson({ b: 1, a: 2, B: 3, "10": 4, "9": 5, é: 6, "": 7 })).toBe(
      '{"":7,"10":4,"9":5,"B":3,"a":2,"b":1,"é":6}',
    );
  });

  it("escapes nothing beyond JSON's own rules", () => {
    expect(canonicalJson({ url: "https://a.example/b?c=d&e", name: "成功", quote: '"' })).toBe(
      '{"name":"成功","quote":"\\"","url":"https://a.example/b?c=d&e"}',
    );
  });

  it("orders a list as the provider's example does", () => {
    const list: JsonValue = [
      { x: 1, y: 2 },
      1,
      3,
      2,
      -4,
      1.1,
      "xxxxx",
      "yyyy",
      "jscx",
      0,
      "sss",
      { z: 2, x: 1, a: "" },
    ];
    expect(canonicalJson(list)).toBe('[-4,0,1,2,3,1.1,"jscx","sss","xxxxx","yyyy",{"x":1,"y":2},{"x":1,"z":2}]');
  });

  it("compares numbers as numbers and leaves lists inside a list where they are", () => {
    expect(canonicalJson([10, 9, [3, 2], 2.5, 1.5, true, { a: 1 }, ["b"]])).toBe(
      '[9,10,1.5,2.5,true,[2,3],{"a":1},["b"]]',
    );
  });

  it("refuses a number that JSON has no form for", () => {
    expect(() => canonicalJson({ a: Number.NaN })).toThrow(TypeError);
    expect(() => canonicalJson([Number.POSITIVE_INFINITY])).toThrow(TypeError);
  });
});
