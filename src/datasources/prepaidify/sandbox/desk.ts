import type { Clock } from "../../../domain/clock.js";
import { CREATE_PATH, INFO_PATH } from "../client.js";
import { DEFAULT_CARD_RANGES_PATH } from "../config.js";
import { cardModel, failureEnvelope, Refusal, rangesModel, successEnvelope } from "./answers.js";
import { type CardShelf, issueCard, type RandomBytes, type SandboxCard, type SandboxOrder } from "./cards.js";
import { type Arrived, bodyOf, checkHeaders, emailOf, type GateKeys } from "./gate.js";
import type { Lifecycle } from "./lifecycle.js";
import { readOrder } from "./order-form.js";
import type { Reply } from "./reply.js";
import { readMannerOf, type Scenario, scenarioOfDeposit } from "./scenario.js";

/** A code that is on no list. */
const UNLISTED_CODE = "699999";

/** What the first readings of a card end with where they fail. */
const FAILED_READS: readonly Reply[] = [
  { kind: "json", status: 502, body: "<html><body>Bad Gateway</body></html>" },
  { kind: "reset" },
  { kind: "hang" },
];

/** What the desk works with. */
export interface DeskParts {
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly keys: GateKeys;
  readonly shelf: CardShelf;
  readonly lifecycle: Lifecycle;
  /** Whether a repeated order number is refused. */
  readonly dedupesOrders: boolean;
  /** Throws a `Refusal` for an order that the merchant does not confirm. */
  readonly checkInReverse: (orderNo: string) => Promise<void>;
  /** The scenario of an order where something else than its deposit decides. */
  readonly scenarioOf: (order: SandboxOrder) => Scenario | undefined;
  /** Resolves after the time by which a caller has given up; never if the sandbox closes before. */
  readonly waitUntilLate: () => Promise<void>;
  /** Told of each card that was accepted; the answer waits for it. */
  readonly onAccepted: (card: Readonly<SandboxCard>) => void | Promise<void>;
}

/** Answers requests as the provider does: checks them, keeps cards, misbehaves where a scenario says so. */
export class Desk {
  readonly #parts: DeskParts;
  readonly #underWay = new Set<string>();

  constructor(parts: DeskParts) {
    this.#parts = parts;
  }

  /** Answers one request. Rejects for nothing that a request holds. */
  async handle(request: Arrived): Promise<Reply> {
    try {
      return await this.#route(request);
    } catch (thrown) {
      if (!(thrown instanceof Refusal)) throw thrown;
      return { kind: "json", status: 200, body: failureEnvelope(thrown.code, this.#nowMs()) };
    }
  }

  async #route(request: Arrived): Promise<Reply> {
    const { keys, shelf } = this.#parts;
    const route = `${request.method} ${request.path}`;
    const routes = [`POST ${CREATE_PATH}`, `POST ${INFO_PATH}`, `GET ${DEFAULT_CARD_RANGES_PATH}`];
    if (!routes.includes(route)) return { kind: "json", status: 404, body: failureEnvelope("404", this.#nowMs()) };
    checkHeaders(request, keys, this.#nowMs());
    if (route === routes[2]) return this.#success(rangesModel(shelf));
    const body = bodyOf(request);
    const email = emailOf(request);
    if (route === routes[1]) return this.#showCard(this.#findCard(body.cardId, email));
    return this.#create(readOrder(body, email));
  }

  /** Sibling: Alchemy Pay, "Error code": 404005 unknown card, 403009 the card is another user's. */
  #findCard(cardId: unknown, email: string): SandboxCard {
    if (typeof cardId !== "string") throw new Refusal("200001");
    const card = this.#parts.shelf.get(cardId);
    if (!card) throw new Refusal("404005");
    if (card.email !== email) throw new Refusal("403009");
    return card;
  }

  #showCard(card: SandboxCard): Reply {
    card.readCount += 1;
    const failure = card.reads === "failing" ? FAILED_READS[card.readCount - 1] : undefined;
    if (failure !== undefined) return failure;
    const isBackwards = card.reads === "backwards" && card.readCount % 2 === 0 && !card.status.startsWith("INIT");
    return this.#success(cardModel(isBackwards ? { ...card, status: "INIT_CREATE_CARD" } : card));
  }

  async #create(order: SandboxOrder): Promise<Reply> {
    const { dedupesOrders, shelf, scenarioOf, waitUntilLate } = this.#parts;
    const { orderNo } = order;
    if (dedupesOrders && (shelf.hasOrder(orderNo) || this.#underWay.has(orderNo))) throw new Refusal("300001");
    const scenario = scenarioOf(order) ?? scenarioOfDeposit(order.deposit);
    if (scenario.kind === "reset-before-accept") return { kind: "reset" };
    if (scenario.kind === "rate-limited") return { kind: "json", status: 429, body: "slow down" };
    if (scenario.kind === "server-error-not-accepted") {
      return { kind: "json", status: 502, body: failureEnvelope("200002", this.#nowMs()) };
    }
    this.#underWay.add(orderNo);
    try {
      if (scenario.kind === "check-late") await waitUntilLate();
      await this.#parts.checkInReverse(orderNo);
      if (scenario.kind === "decline") throw new Refusal(scenario.code);
      if (scenario.kind === "accept-late") await waitUntilLate();
      return await this.#accept(order, scenario);
    } finally {
      this.#underWay.delete(orderNo);
    }
  }

  /** From here on the card exists, whatever the caller hears. */
  async #accept(order: SandboxOrder, scenario: Scenario): Promise<Reply> {
    const { shelf, lifecycle, random, clock, onAccepted } = this.#parts;
    const card = issueCard(order, random, clock.now(), readMannerOf(scenario));
    shelf.add(card);
    await onAccepted(card);
    const shown = scenario.kind === "inconsistent" ? { ...card, deposit: card.deposit + 100 } : card;
    const body = successEnvelope(cardModel(shown), this.#nowMs());
    await lifecycle.start(card, scenario);
    switch (scenario.kind) {
      case "hang":
        return { kind: "hang" };
      case "reset-after-accept":
        return { kind: "reset" };
      case "cut-body":
        return { kind: "cut", body };
      case "garbled":
        return { kind: "json", status: 200, body: "<html><body>The service is taking a break</body></html>" };
      case "server-error":
        return { kind: "json", status: 502, body: failureEnvelope("500000", this.#nowMs()) };
      case "drip":
        return { kind: "drip" };
      case "huge-body":
        return { kind: "huge" };
      case "unlisted-code":
        return { kind: "json", status: 200, body: failureEnvelope(UNLISTED_CODE, this.#nowMs()) };
      default:
        return { kind: "json", status: 200, body };
    }
  }

  #success(model: unknown): Reply {
    return { kind: "json", status: 200, body: successEnvelope(model, this.#nowMs()) };
  }

  #nowMs(): number {
    return this.#parts.clock.now().getTime();
  }
}
