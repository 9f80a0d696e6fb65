import { createHmac, createSecretKey, type KeyObject } from "node:crypto";
import { type Fingerprints, fingerprint } from "../domain/fingerprint.js";
import type { Secret } from "../domain/secret.js";

/** What a fingerprint under the key begins with; one without a key never does. */
const PREFIX = "h1.";

/**
 * Fingerprints that nobody can guess at without the key: HMAC-SHA-256 over the one without it. So one of before can be
 * put under the key although its input is not known any more.
 */
export class KeyedFingerprints implements Fingerprints {
  readonly #key: KeyObject;

  constructor(key: Secret<Buffer>) {
    this.#key = createSecretKey(key.reveal());
  }

  of(input: object): string {
    return this.#keyed(fingerprint(input));
  }

  matches(kept: string, input: object): boolean {
    const plain = fingerprint(input);
    return kept === plain || kept === this.#keyed(plain);
  }

  /** A fingerprint that is kept, under the key. */
  keyed(kept: string): string {
    return kept.startsWith(PREFIX) ? kept : this.#keyed(kept);
  }

  #keyed(plain: string): string {
    return PREFIX + createHmac("sha256", this.#key).update(plain).digest("base64url");
  }
}
