import type { KeyObject } from "node:crypto";
import type { Secret } from "../../domain/secret.js";
import {
  decodeBase64,
  drawSecret,
  openText,
  type RandomBytes,
  type RsaPadding,
  SECRET_LENGTH,
  sealText,
  wrapSecret,
} from "./crypto.js";
import { RsaThread, type StartWorker, startRsaWorker } from "./rsa-thread.js";

/** What stands for a business object in a request. */
export interface SealedText {
  /** The message key, encrypted to the receiver; base64. */
  readonly randomKey: string;
  /** The encrypted JSON. */
  readonly bizData: string;
}

/** What stands for a business object in an answer. */
export interface SealedAnswer {
  readonly randomKey: string;
  readonly data: string;
}

/** The envelope could not be opened. Which of key, padding, vector or text was wrong is told to nobody. */
export class UnreadableEnvelope extends Error {
  override readonly name = "UnreadableEnvelope";
}

/**
 * How business objects are encrypted, and the one place to change should the live system want another scheme:
 * everything about the scheme that the documents leave open is behind these two methods.
 */
export interface EnvelopeCodec {
  /** Encrypts with a fresh message key and vector. */
  seal(plaintext: string): Promise<SealedText>;
  /**
   * Decrypts with the key that came with the answer, never with the request's. Source: Pagsmile, Security.
   * Throws {@link UnreadableEnvelope}, or `RsaThreadLost` when the decryption could not be attempted.
   */
  open(sealed: SealedAnswer): Promise<string>;
  /** Ends what runs in the background. */
  close(): Promise<void>;
}

/** What a codec is built from. */
export interface CodecParts {
  /** The other side's public key. */
  readonly publicKey: KeyObject;
  /** Our own private key. */
  readonly privateKey: Secret<KeyObject>;
  readonly padding: RsaPadding;
  readonly random: RandomBytes;
  readonly startWorker?: StartWorker;
}

/** Message keys under RSA, texts under AES. There is no signature: authenticity rests on TLS alone. */
export class RsaAesCodec implements EnvelopeCodec {
  readonly #parts: CodecParts;
  readonly #thread: RsaThread;

  constructor(parts: CodecParts) {
    this.#parts = parts;
    this.#thread = new RsaThread(parts.privateKey.reveal(), parts.padding, parts.startWorker ?? startRsaWorker);
  }

  async seal(plaintext: string): Promise<SealedText> {
    this.#thread.warmUp();
    const secret = drawSecret(this.#parts.random);
    // On the event loop on purpose: 30 µs, while handing it to the thread would cost 40 µs of this very thread.
    const randomKey = wrapSecret(secret, this.#parts.publicKey, this.#parts.padding);
    return { randomKey, bizData: sealText(plaintext, secret, drawSecret(this.#parts.random)) };
  }

  async open(sealed: SealedAnswer): Promise<string> {
    const secret = await this.#thread.decrypt(this.#ciphertext(sealed.randomKey));
    if (secret?.byteLength !== SECRET_LENGTH) throw new UnreadableEnvelope();
    try {
      return openText(sealed.data, secret);
    } catch {
      throw new UnreadableEnvelope();
    }
  }

  close(): Promise<void> {
    return this.#thread.close();
  }

  #ciphertext(randomKey: string): Uint8Array {
    try {
      return decodeBase64(randomKey);
    } catch {
      throw new UnreadableEnvelope();
    }
  }
}
