import { compactDecrypt, exportJWK, generateKeyPair } from "jose";
import type { CardOrders } from "./card-orders.js";

/** A caller's key pair, and what was sealed to it. */
export interface KeyPair {
  /** JSON text of the public key. */
  readonly recipientKey: string;
  /** What is in a JWE that was sealed to the key; rejects for any other. */
  open(sealed: string | null | undefined): Promise<Readonly<Record<string, unknown>>>;
}

/** Makes a key pair, as a caller does who wants to see a card. */
export async function makeKeyPair(): Promise<KeyPair> {
  const { publicKey, privateKey } = await generateKeyPair("ECDH-ES", { crv: "P-256" });
  return {
    recipientKey: JSON.stringify(await exportJWK(publicKey)),
    open: async (sealed) => {
      const { plaintext } = await compactDecrypt(sealed ?? "", privateKey);
      return JSON.parse(new TextDecoder().decode(plaintext));
    },
  };
}

/** An open card: our id and the provider's. */
export async function openCard(orders: CardOrders): Promise<{ readonly cardId: string; readonly theirs: string }> {
  const { orderNo } = await orders.place();
  const { card } = await orders.reaches(orderNo, "COMPLETED");
  if (!card) throw new Error("the order came to no card");
  return { cardId: card.id, theirs: card.providerCardId };
}
