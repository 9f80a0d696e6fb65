import { passesLuhn } from "../../src/domain/card-number.js";

/**
 * What the tests plant, and what looks like a secret whoever planted it. None of it may be in a log, an error or a
 * metric of any server that the tests start.
 */
const PLANTED: readonly string[] = [
  ...["planted-secret", "planted-password", "planted-fuzz-secret", "secret-planted", "access-planted"],
  ...["planted.person", "5511912345678", "fuzzed.person", "5511912340987", "planted@person", "Plantedname"],
];

/** What looks like a secret, with what it is. */
const SHAPES: readonly (readonly [what: string, shape: RegExp])[] = [
  ["an API key", /cgk_[\w-]{12}_[\w-]{43}/],
  ["a token", /eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*/],
  ["a signing secret", /whsec_[A-Za-z0-9+/]{24,}/],
  ["a private key", /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
  ["a private JWK", /"d"\s*:\s*"[\w-]{40,}"/],
  ["a bearer token", /\bBearer [\w.-]{20,}/],
  ["a card's CVC", /"(?:cvc|cvv|cvv2)"\s*:\s*"?\d/i],
];
/** What is somebody's own. */
const PERSONAL_SHAPES: readonly (readonly [what: string, shape: RegExp])[] = [
  ["an e-mail address", /[\w.+-]{2,64}@[\w-]{1,64}\.(?:example|com)\b/],
];
/** A card number by itself, as the sandboxes' cards and the tests' begin. */
const CARD_NUMBER = /(?<![\w.-])(?:4\d{15}|5[1-5]\d{14}|2[2-7]\d{14})(?![\w.-])/g;

/** Made-up requests call customers so, too: ids of the caller's own are kept as they are (docs/personal-data.md). */
const IN_IDS = /fuzzed\.person@private\.example|\+5511912340987/g;

/** What of all this is in a text that people or machines are shown, each as what it is, never the secret itself. */
export function secretsShown(text: string): readonly string[] {
  const planted = PLANTED.filter((one) => text.includes(one)).map((one) => `what was planted as ${one.slice(0, 14)}…`);
  return [...planted, ...shapesIn(text, [...SHAPES, ...PERSONAL_SHAPES]), ...cardNumbersIn(text)];
}

/** What of all this is in a text that is kept: the content of a table or of a file. */
export function secretsKept(kept: string): readonly string[] {
  const text = kept.replace(IN_IDS, "");
  const planted = PLANTED.filter((one) => text.includes(one));
  return [...shapesIn(text, SHAPES), ...planted, ...shapesIn(text, PERSONAL_SHAPES)];
}

function shapesIn(text: string, shapes: typeof SHAPES): readonly string[] {
  return shapes.filter(([, shape]) => shape.test(text)).map(([what]) => what);
}

function cardNumbersIn(text: string): readonly string[] {
  return [...text.matchAll(CARD_NUMBER)].some(([digits]) => passesLuhn(digits)) ? ["a card number"] : [];
}
