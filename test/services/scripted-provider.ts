import type { CardSnapshot } from "../../src/domain/card.js";
import type {
  CardProvider,
  CreateVirtualCardRequest,
  EmailPolicy,
  ReadCardRequest,
} from "../../src/domain/provider.js";
import { ProviderError, type ProviderErrorKind, type ProviderErrorParts } from "../../src/domain/provider-error.js";
import { snapshot } from "../domain/order-facts.js";

type Said = CardSnapshot | Error;

/** The port of a provider that says what a test wants it to say, and remembers what it was asked. */
export class ScriptedProvider implements CardProvider {
  readonly code = "PREPAIDIFY";
  emailPolicy: EmailPolicy = { required: false, fallback: null };
  refusesRepeatedOrderNo?: boolean;
  /** What it answers to a call that opens a card; may look around first. */
  answer: (request: CreateVirtualCardRequest) => Said | Promise<Said> = () => providerError("outcome_unknown");
  /** What it says of cards when it is asked. A card that it says nothing of is not found. */
  readonly cards = new Map<string, Said>();
  readonly created: CreateVirtualCardRequest[] = [];
  readonly reads: ReadCardRequest[] = [];

  createVirtualCard? = async (request: CreateVirtualCardRequest): Promise<CardSnapshot> => {
    this.created.push(request);
    return said(await this.answer(request));
  };

  readCard? = async (request: ReadCardRequest): Promise<CardSnapshot> => {
    this.reads.push(request);
    return said(this.cards.get(request.providerCardId) ?? providerError("not_found"));
  };

  async close(): Promise<void> {}

  /** Has a card to describe from now on. */
  has(providerCardId: string, parts: Partial<CardSnapshot> = {}): void {
    this.cards.set(providerCardId, snapshot({ providerCardId, ...parts }));
  }
}

function said(what: Said): CardSnapshot {
  if (what instanceof Error) throw what;
  return what;
}

/** An error as an adapter throws it. */
export function providerError(kind: ProviderErrorKind, parts: Partial<ProviderErrorParts> = {}): ProviderError {
  return new ProviderError({ provider: "PREPAIDIFY", kind, reason: "as scripted", ...parts });
}
