import { describe, expect, it } from "vitest";
import { type Operation, readAnswer } from "../../../src/datasources/prepaidify/errors.js";
import type { ProviderError } from "../../../src/domain/provider-error.js";

const MODEL = { card: {} };

function envelope(fields: object): string {
  return JSON.stringify({ success: false, error: true, code: 1, msg: "失败", model: null, traceId: 7, ...fields });
}

function errorOf(body: string, { status = 200, operation = "create" as Operation } = {}): ProviderError {
  const reading = readAnswer(operation, { status, body });
  if (reading.ok) throw new Error("read as a success");
  return reading.error;
}

function isUnlisted(code: string | number): boolean {
  const reading = readAnswer("create", { status: 200, body: envelope({ code }) });
  return !reading.ok && reading.unlisted;
}

describe("a success", () => {
  it.each([
    ["a number", 0],
    ["text", "0"],
  ])("says so twice, with its code as %s", (_how, code) => {
    const body = envelope({
      success: true,
      error: false,
      code,
      model: MODEL,
      traceId: "644622ad97df9eed485ae837c9a48d5a",
    });
    expect(readAnswer("create", { status: 200, body })).toEqual({
      ok: true,
      model: MODEL,
      traceId: "644622ad97df9eed485ae837c9a48d5a",
    });
  });

  it("may leave out `error` and `traceId`", () => {
    expect(readAnswer("info", { status: 200, body: '{"success":true,"code":0,"model":true}' })).toMatchObject({
      ok: true,
    });
  });

  it.each([
    ["success and error are both true", { success: true, error: true, code: 0 }],
    ["success and error are both false", { success: false, error: false, code: 200002 }],
    ["it says success with a code of failure", { success: true, error: false, code: 200002 }],
    ["it says failure with the code of success", { success: false, error: true, code: 0 }],
    ["a refusal describes a card", { code: 200002, model: { card: { cardId: "c_1" } } }],
    ["success is missing", { success: undefined, code: 200002 }],
    ["success is text", { success: "true", error: false, code: 0 }],
    ["the code is missing", { code: undefined }],
    ["the code is a fraction", { code: 0.5 }],
  ])("is not believed, nor is it a refusal, when %s", (_why, fields) => {
    expect(errorOf(envelope(fields))).toMatchObject({ kind: "malformed", userError: null });
  });

  it("is not believed under a status of failure", () => {
    const body = envelope({ success: true, error: false, code: 0, model: MODEL });
    expect(errorOf(body, { status: 404 }).kind).toBe("malformed");
  });
});

describe("a code", () => {
  it.each([
    ["200001", "PROVIDER_REJECTED", null],
    ["200002", "PROVIDER_REJECTED", null],
    ["300003", "PROVIDER_REJECTED", ["deposit", "amountMinor"]],
    ["300005", "PROVIDER_REJECTED", null],
    ["300006", "PROVIDER_REJECTED", null],
    ["400000", "PROVIDER_REJECTED", null],
    ["400005", "PROVIDER_REJECTED", ["deposit", "amountMinor"]],
    ["400006", "PROVIDER_REJECTED", null],
    ["400007", "PROVIDER_REJECTED", ["deposit", "currency"]],
    ["403009", "PROVIDER_REJECTED", ["email"]],
    ["403010", "PROVIDER_REJECTED", null],
    ["403101", "ISSUER_BALANCE_TOO_LOW", null],
    ["600000", "PROVIDER_REJECTED", ["email"]],
    ["600001", "KYC_REQUIRED", ["email"]],
  ])("%s is a definite refusal, told as %s at %j", (code, errorCode, field) => {
    const error = errorOf(envelope({ code: Number(code) }));
    expect(error).toMatchObject({ kind: "rejected", providerCode: code, traceId: "7" });
    expect(error.userError).toMatchObject({ code: errorCode, field, providerCode: code, retryable: false });
    expect(errorOf(envelope({ code })).kind).toBe("rejected");
  });

  it.each([
    ...["200003", "200004", "200005", "200006", "200007", "200008", "200009", "300002"].map((code) => [
      code,
      "credentials",
    ]),
    ["300001", "conflict"],
    ["600003", "conflict"],
    ["404005", "not_found"],
    ...["1", "100000", "300004", "400004", "500000", "600002", "600004", "600005", "600006", "600010", "600011"].map(
      (code) => [code, "outcome_unknown"],
    ),
  ])("%s is %s, and nothing is told to the caller", (code, kind) => {
    expect(errorOf(envelope({ code }))).toMatchObject({ kind, providerCode: code, userError: null });
    expect(isUnlisted(String(code))).toBe(false);
  });

  it("403009 is the caller's fault for an order, and ours when we read a card or the ranges", () => {
    const body = envelope({ code: 403009 });
    expect(errorOf(body, { operation: "create" }).kind).toBe("rejected");
    expect(errorOf(body, { operation: "info" }).kind).toBe("credentials");
    expect(errorOf(body, { operation: "ranges" }).kind).toBe("credentials");
  });

  it.each([
    "200010",
    "300007",
    "600012",
    "999999",
    "-1",
    "toString",
    "__proto__",
    "0200001",
    " 200001",
  ])("%j is on no list, so nothing is known", (code) => {
    expect(errorOf(envelope({ code }))).toMatchObject({ kind: "outcome_unknown", userError: null });
    expect(isUnlisted(code)).toBe(true);
  });

  it.each(["4000009990000096", "two words", "x".repeat(33), "成功", ""])("%j is not fit to be shown", (code) => {
    expect(errorOf(envelope({ code }))).toMatchObject({ kind: "outcome_unknown", providerCode: null });
  });

  it("counts at any status below 500, since none is documented for failures", () => {
    expect(errorOf(envelope({ code: 403101 }), { status: 400 }).kind).toBe("rejected");
    expect(errorOf(envelope({ code: 404005 }), { status: 404 }).kind).toBe("not_found");
  });

  it("comes without the provider's text", () => {
    const error = errorOf(envelope({ code: 200002, msg: "parameter planted error" }));
    expect(JSON.stringify({ ...error, message: error.message })).not.toContain("planted");
  });
});

describe("a trace id", () => {
  it.each([
    [1646648711017, "1646648711017"],
    ["644622ad97df9eed485ae837c9a48d5a", "644622ad97df9eed485ae837c9a48d5a"],
    [null, null],
    [undefined, null],
    ["4000009990000096", null],
    ["a b", null],
    ["x".repeat(65), null],
    [{}, null],
  ])("%j is kept as %j", (traceId, kept) => {
    expect(errorOf(envelope({ code: 1, traceId })).traceId).toBe(kept);
  });
});

describe("a status", () => {
  it.each([500, 502, 503, 504, 599])("%i proves nothing, even with the body of a refusal or of a success", (status) => {
    expect(errorOf(envelope({ code: 200002 }), { status })).toMatchObject({
      kind: "outcome_unknown",
      userError: null,
      providerCode: "200002",
      traceId: "7",
    });
    const success = envelope({ success: true, error: false, code: 0, model: MODEL });
    expect(errorOf(success, { status }).kind).toBe("outcome_unknown");
    expect(errorOf("<html>", { status })).toMatchObject({ kind: "outcome_unknown", providerCode: null, traceId: null });
  });

  it("429 means too many requests", () => {
    expect(errorOf("slow down", { status: 429 }).kind).toBe("rate_limited");
    expect(errorOf(envelope({ code: 200002 }), { status: 429 }).kind).toBe("rate_limited");
  });

  it.each([301, 302, 307, 308])("%i is not followed and not understood", (status) => {
    expect(errorOf(envelope({ code: 200002 }), { status }).kind).toBe("malformed");
  });
});

describe("a body", () => {
  it.each(["", "<html>", '{"success":tr', "null", "[]", '"success"', "5"])("%j is not an answer", (body) => {
    expect(errorOf(body)).toMatchObject({ kind: "malformed", userError: null });
  });
});
