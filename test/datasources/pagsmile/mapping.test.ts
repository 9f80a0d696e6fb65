import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  REQUEST_ID_BYTES,
  toRequestId,
  toWireContact,
  toWireTimestamp,
} from "../../../src/datasources/pagsmile/mapping.js";

const REQUEST = {
  firstName: "Ada",
  lastName: "Lovelace",
  mobile: "+861234789999",
  email: "ada@example.com",
  language: null,
};

describe("a contact's request", () => {
  it("has the documented fields, the mobile with its plus sign, and no language where none was given", () => {
    expect(JSON.stringify(toWireContact(REQUEST))).toBe(
      '{"first_name":"Ada","last_name":"Lovelace","mobile":"+861234789999","email":"ada@example.com"}',
    );
  });

  it("has the language where one was given", () => {
    expect(toWireContact({ ...REQUEST, language: "pt" })).toMatchObject({ language: "pt" });
  });
});

describe("the time stamp", () => {
  it("is UTC to the second, whatever zone this machine is in", () => {
    expect(toWireTimestamp(new Date("2025-04-07T13:56:46.999Z"))).toBe("2025-04-07 13:56:46");
    expect(toWireTimestamp(new Date("2025-12-31T23:30:00-05:00"))).toBe("2026-01-01 04:30:00");
  });
});

describe("the request id", () => {
  it("has the example's shape: 32 characters, hexadecimal groups of 8-4-4-4-8", () => {
    const example = "b1c8bCBE-5471-f646-2057-9c0F0eFe";
    const bytes = Buffer.from(example.replaceAll("-", ""), "hex");
    expect(bytes).toHaveLength(REQUEST_ID_BYTES);
    expect(toRequestId(bytes)).toBe(example.toLowerCase());
    expect(toRequestId(bytes)).toHaveLength(32);
  });

  it("differs from one to the next", () => {
    const ids = Array.from({ length: 500 }, () => toRequestId(randomBytes(REQUEST_ID_BYTES)));
    expect(new Set(ids).size).toBe(500);
  });
});
