import { describe, expect, it } from "vitest";
import { judgeFailure } from "../../../src/datasources/pagsmile/errors.js";

const failure = (code: string, subCode?: string) =>
  judgeFailure({ code, sub_code: subCode, msg: "their text", sub_msg: "their other text" });

describe("a business code", () => {
  it.each([
    ["40002", "invalid-signature", "credentials"],
    ["40002", "missing-signature-config", "credentials"],
    ["40002", "merchant-status-abnormal", "credentials"],
    ["30000", "invalid-account", "credentials"],
    ["30000", "disabled-account", "credentials"],
    ["30000", undefined, "credentials"],
    ["40004", undefined, "credentials"],
    ["40005", undefined, "credentials"],
    ["40001", undefined, "rejected"],
    ["30001", undefined, "rejected"],
    ["30001", "parameters-error", "rejected"],
    ["30001", "invalid-user", "rejected"],
    ["30001", "dublicate-data", "conflict"],
    ["30001", "dublicate-order", "conflict"],
    ["40002", "dublicate-data", "conflict"],
    ["20000", undefined, "outcome_unknown"],
    ["20000", "invalid-signature", "outcome_unknown"],
    ["40002", "bank-side-busy", "outcome_unknown"],
    ["40002", "SYS-0001", "outcome_unknown"],
    ["30003", "Other-reason", "outcome_unknown"],
    ["30004", "processing-error", "outcome_unknown"],
    ["70001", undefined, "outcome_unknown"],
    ["90001", undefined, "outcome_unknown"],
  ])("%s with %s is %s", (code, subCode, kind) => {
    expect(failure(code, subCode)).toMatchObject({ kind, unlisted: false });
  });

  it.each([
    ["40002", undefined],
    ["40002", "no-such-thing"],
    ["30001", "no-such-thing"],
    ["55555", undefined],
    ["toString", undefined],
    ["__proto__", undefined],
    ["40002", "INVALID-SIGNATURE"],
  ])("%s with %s is on no list, so nothing is known and an operator is told", (code, subCode) => {
    expect(failure(code, subCode)).toMatchObject({ kind: "outcome_unknown", unlisted: true, userError: null });
  });

  it("is shown as code and sub-code, but only where it looks like one", () => {
    expect(failure("40002", "invalid-signature").providerCode).toBe("40002/invalid-signature");
    expect(failure("20000").providerCode).toBe("20000");
    expect(failure("40002", "Dear Ada, your card 4111").providerCode).toBe("40002");
    expect(failure("x".repeat(33)).providerCode).toBeNull();
    expect(failure("<b>").providerCode).toBeNull();
  });

  it("never brings the provider's own text along", () => {
    for (const [code, subCode] of [["40001"], ["30001", "dublicate-data"], ["40002", "invalid-signature"], ["77"]]) {
      expect(JSON.stringify(failure(code ?? "", subCode))).not.toContain("their");
    }
  });

  it("that refuses the details is told to the caller in a sentence of ours", () => {
    expect(failure("30001", "parameters-error").userError).toEqual({
      code: "PROVIDER_REJECTED",
      message: "The issuer refused these contact details. Check them and try again.",
      field: null,
      retryable: false,
      providerCode: "30001/parameters-error",
    });
    expect(failure("30001", "dublicate-data").userError?.message).toBe(
      "The issuer already has a contact with these details.",
    );
  });

  it("that refuses our own account is never shown as the caller's fault", () => {
    expect(failure("40002", "invalid-signature").userError).toBeNull();
  });
});
