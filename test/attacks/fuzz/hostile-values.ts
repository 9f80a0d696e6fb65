import type { Seeded } from "./seeded.js";

/** What a request may hold and an error must never repeat: a card number, an address, a mobile number. */
export const PRIVATE_VALUES = ["4111111111111111", "fuzzed.person@private.example", "+5511912340987"] as const;

/** Texts that have broken some server or other. */
export const HOSTILE_TEXTS: readonly string[] = [
  ...PRIVATE_VALUES,
  ...[
    "",
    " ",
    "\u0000",
    "a\u0000b",
    "\r\nset-cookie: x=1",
    "\ud800",
    "\udfff\ud800",
    "\ufeff",
    "\u202e",
    "Ω≈ç√",
    "李小龍",
  ],
  ...[
    "' OR 1=1 --",
    "'; DROP TABLE card_orders; --",
    "\\'",
    '"',
    "`",
    "#{7*7}",
    "{{7*7}}",
    "<script>alert(1)</script>",
  ],
  ...["%00", "%s%s%n", "../../../../etc/passwd", "file:///etc/passwd", "|| id", "$(id)", "constructor", "__proto__"],
  ...["null", "undefined", "NaN", "true", "0", "-1", "1e309", "9007199254740993", "0x10", "[]", "{}"],
  ...["card_00000000000000000000000000000000", "ord_ffffffffffffffffffffffffffffffff", "chd_", "cct_x", "MTo5OTk"],
  ...["https://127.0.0.1/x", "https://169.254.169.254/latest", "http://example.com", "https://hooks.example:0/"],
  ...['{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}', '{"kty":"RSA"}', '{"kty":"EC","crv":"P-256","d":"AA"}'],
  "x".repeat(300),
  "9".repeat(5_000),
  "é".repeat(2_000),
  "a".repeat(20_000),
];

/** Values of every other kind, as JSON can hold them. */
const HOSTILE_OTHERS: readonly unknown[] = [
  ...[null, true, false, 0, -0, -1, 1.5, 1e21, 2 ** 31, -(2 ** 31) - 1, 2 ** 53, 5e-324],
  ...[[], [[]], [null], {}, { a: {} }, { __typename: "Card" }, { constructor: 1 }],
  JSON.parse('{"__proto__":{"polluted":true}}'),
];

/** A text or anything else that nobody expects; lists and objects in one another now and then. */
export function hostileValue(choose: Seeded, depth = 0): unknown {
  if (choose.chance(0.55)) return choose.pick(HOSTILE_TEXTS);
  if (choose.chance(0.6) || depth > 3) return choose.pick(HOSTILE_OTHERS);
  if (choose.chance(0.5)) return Array.from({ length: choose.below(5) }, () => hostileValue(choose, depth + 1));
  const names = ["input", "id", "orderNo", "amountMinor", "__proto__", "toString", "x".repeat(50)];
  return Object.fromEntries(
    Array.from({ length: choose.below(4) }, () => [choose.pick(names), hostileValue(choose, depth + 1)]),
  );
}

/** A deep list of lists, or object of objects. */
export function deepValue(depth: number, choose: Seeded): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level += 1) value = choose.chance(0.5) ? [value] : { input: value };
  return value;
}
