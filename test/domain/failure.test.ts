import { describe, expect, it } from "vitest";
import { failureOf } from "../../src/domain/failure.js";
import { PROVIDER_ERROR_KINDS, ProviderError, type ProviderErrorParts } from "../../src/domain/provider-error.js";
import { userError } from "../../src/domain/user-error.js";

function failure(parts: Partial<ProviderErrorParts>) {
  return failureOf(new ProviderError({ provider: "PREPAIDIFY", kind: "rejected", reason: "as told", ...parts }));
}

describe("the failure that a provider's error amounts to", () => {
  it("is only there for a refusal, and for our own account being refused", () => {
    const failing = PROVIDER_ERROR_KINDS.filter((kind) => failure({ kind }) !== null);
    expect(failing).toEqual(["rejected", "credentials"]);
  });

  it("is what the adapter says to the caller, with the provider's own code", () => {
    const said = userError("KYC_REQUIRED", "A sentence.", { field: ["cardHolder", "firstName"] });
    expect(failure({ providerCode: "300004", userError: said })).toEqual({
      code: "KYC_REQUIRED",
      providerCode: "300004",
      field: ["cardHolder", "firstName"],
    });
  });

  it("is a plain refusal where the adapter says nothing more", () => {
    expect(failure({})).toEqual({ code: "PROVIDER_REJECTED", providerCode: null, field: null });
  });

  it("is never the caller's fault, nor tells a code, where our own account was refused", () => {
    const said = userError("KYC_REQUIRED", "A sentence.", { field: ["email"] });
    expect(failure({ kind: "credentials", providerCode: "100001", userError: said })).toEqual({
      code: "PROVIDER_MISCONFIGURED",
      providerCode: null,
      field: null,
    });
  });
});
