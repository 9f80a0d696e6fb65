import { Arg, Authorized, Ctx, Mutation, Resolver } from "type-graphql";
import { auditedReason } from "../domain/audit.js";
import { neededFor } from "../schema/access.js";
import { RevealCardInput } from "../schema/inputs.js";
import { RevealCardPayloadType } from "../schema/reveal.type.js";
import type { RevealCard } from "../services/reveal-card.js";
import { actingCaller } from "./acting-caller.js";
import type { RequestContext } from "./context.js";
import { inputFaults } from "./validate.js";

/** Reveals what cards are paid with. */
@Resolver()
export class RevealResolver {
  readonly #revealCard: RevealCard;

  constructor(revealCard: RevealCard) {
    this.#revealCard = revealCard;
  }

  @Authorized(neededFor("Mutation.revealCard"))
  @Mutation(() => RevealCardPayloadType, {
    description:
      "Reveals a card's full number and CVC, sealed to the caller's public key. They are read from the provider each time and kept nowhere; who asked, for which card, and why is kept for ever.",
  })
  async revealCard(
    @Arg("input", () => RevealCardInput, { description: "The card, the key and the reason." }) input: RevealCardInput,
    @Ctx() context: RequestContext,
  ): Promise<RevealCardPayloadType> {
    const userErrors = inputFaults(input);
    if (userErrors.length > 0) return { sealed: null, clear: null, userErrors };
    const command = {
      cardId: input.cardId,
      recipientKey: input.recipientKey ?? null,
      reason: auditedReason(input.reason),
    };
    const { clear, ...rest } = await this.#revealCard.execute(command, actingCaller(context));
    return { clear: clear?.reveal() ?? null, ...rest };
  }
}
