import { Arg, Authorized, Ctx, Extensions, Query, Resolver } from "type-graphql";
import type { ProviderDirectory } from "../domain/directory.js";
import type { Money } from "../domain/money.js";
import { CAPABILITY_NAMES, type ProviderCode } from "../domain/provider-code.js";
import { neededFor } from "../schema/access.js";
import { ASKED_ONCE } from "../schema/asked-once.js";
import { ProviderCodeEnum } from "../schema/enums.js";
import type { MoneyType } from "../schema/money.type.js";
import { CardRangeType, ProviderType } from "../schema/provider.type.js";
import type { ListCardRanges } from "../services/list-card-ranges.js";
import type { RequestContext } from "./context.js";
import { providerReadError, refusalError } from "./errors.js";
import { presentMoney } from "./present.js";

/** Tells what providers there are and what they offer. */
@Resolver()
export class ProviderResolver {
  readonly #directory: ProviderDirectory;
  readonly #listCardRanges: ListCardRanges;

  constructor(directory: ProviderDirectory, listCardRanges: ListCardRanges) {
    this.#directory = directory;
    this.#listCardRanges = listCardRanges;
  }

  @Authorized(neededFor("Query.providers"))
  @Query(() => [ProviderType], { description: "The configured providers." })
  providers(): readonly ProviderType[] {
    return this.#directory.all.map(({ code, name, mode, capabilities }) => ({
      code,
      name,
      mode,
      capabilities: capabilities.map((capability) => CAPABILITY_NAMES[capability]),
    }));
  }

  @Authorized(neededFor("Query.cardRanges"))
  @Extensions({ [ASKED_ONCE]: true })
  @Query(() => [CardRangeType], {
    description: "The card ranges that cards can be opened from, as the provider tells them; cached for some seconds.",
  })
  async cardRanges(
    @Ctx() { identity }: RequestContext,
    @Arg("provider", () => ProviderCodeEnum, {
      nullable: true,
      description: "Whose ranges. Null: those of the only provider that has any.",
    })
    provider: ProviderCode | null | undefined,
  ): Promise<readonly CardRangeType[]> {
    const ranges = await this.#listCardRanges.execute(identity, provider ?? null).catch((error: unknown) => {
      throw providerReadError(error);
    });
    if ("message" in ranges) throw refusalError(ranges);
    return ranges.map((range) => ({
      ...range,
      minDeposit: present(range.minDeposit),
      accountBalance: present(range.accountBalance),
    }));
  }
}

function present(money: Money | null): MoneyType | null {
  return money && presentMoney(money.amountMinor, money.currency);
}
