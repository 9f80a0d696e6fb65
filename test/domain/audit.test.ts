import { describe, expect, it } from "vitest";
import { auditedReason, auditedSubject } from "../../src/domain/audit.js";
import { chainHash, FIRST_HASH } from "../../src/domain/audit-chain.js";

describe("a caller in the audit log", () => {
  it.each(["key:7kQ0d3xvTn2W", "jwt:auth0|5f7c8ec7c33c6c004bbafe82", "anybody"])("is named: %s", (subject) => {
    expect(auditedSubject(subject)).toBe(subject);
  });

  it.each([
    "jwt:leon@person.example",
    "jwt:+5511912345678",
  ])("is the same hash each time, and no name: %s", (subject) => {
    expect(auditedSubject(subject)).toMatch(/^sha256:[0-9a-f]{32}$/);
    expect(auditedSubject(subject)).toBe(auditedSubject(subject));
    expect(auditedSubject(subject)).not.toBe(auditedSubject(`${subject}x`));
  });
});

describe("a reason in the audit log", () => {
  it("holds no card number and nobody's address", () => {
    const reason = auditedReason("ticket 4711, leon@person.example, +5511912345678, 4111 1111 1111 1111");
    expect(reason).toBe("ticket 4711, [redacted], [redacted], [redacted]");
  });

  it.each([
    ["Ana Silva called, SILVA's card", ["Ana", "Silva"], "[redacted] [redacted] called, [redacted]'s card"],
    ["Analysis for Ana", ["Ana"], "Analysis for [redacted]"],
    ["Zoë (O'Neil-Smith)", ["Zoë", "O'Neil-Smith"], "[redacted] ([redacted])"],
    ["A. B. asked", ["A", null, ""], "A. B. asked"],
    ["what (is) this", ["(is)", ".*"], "what [redacted] this"],
  ])("holds no name of whom it is about: %s", (reason, names, audited) => {
    expect(auditedReason(reason, names)).toBe(audited);
  });
});

describe("the hash of a row", () => {
  const who = { tenant: "acme", subject: "key:one", requestId: "r-1" };
  const what = { action: "revealCard", target: "card_1", outcome: "sealed", reason: "a reason", recipient: "thumb" };
  const row = { id: 7, at: new Date(Date.UTC(2026, 10, 21)), ...who, ...what };

  it("is what anybody computes from the documents", () => {
    // printf '%064d\n[1,7,"2026-11-21T00:00:00.000Z","acme",...]' 0 | sha256sum
    expect(chainHash(FIRST_HASH, 1, row)).toBe("d937d51dd92102d528c3a87b846c2555a155ef1f0d00b019b3567847156b5178");
  });

  it.each([
    { id: 8 },
    { at: new Date(Date.UTC(2026, 10, 22)) },
    { tenant: "globex" },
    { subject: "key:two" },
    { requestId: null },
    { action: "settleOrder" },
    { target: "card_2" },
    { outcome: "clear" },
    { reason: null },
    { recipient: null },
  ])("depends on %o", (change) => {
    expect(chainHash(FIRST_HASH, 1, { ...row, ...change })).not.toBe(chainHash(FIRST_HASH, 1, row));
  });

  it("depends on its place and on the hash before it", () => {
    const hash = chainHash(FIRST_HASH, 1, row);
    expect(chainHash(FIRST_HASH, 2, row)).not.toBe(hash);
    expect(chainHash(hash, 1, row)).not.toBe(hash);
  });
});
