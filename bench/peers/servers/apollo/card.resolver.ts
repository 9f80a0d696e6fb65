import { Arg, ID, Int, Mutation, Query, Resolver } from "type-graphql";
import type { openIssuing } from "../../lib/issuing.mjs";
import { CreateCardContactInput, CreateVirtualCardInput } from "./inputs.js";
import { Card, CardConnection, CreateCardContactPayload, CreateVirtualCardPayload } from "./types.js";

type Issuing = Awaited<ReturnType<typeof openIssuing>>;

@Resolver()
export class CardResolver {
  constructor(private readonly issuing: Issuing) {}

  @Query(() => Card, { nullable: true })
  async card(@Arg("id", () => ID) id: string): Promise<Card | null> {
    return this.issuing.card(id);
  }

  @Query(() => CardConnection)
  async cards(@Arg("first", () => Int, { defaultValue: 20 }) first: number): Promise<CardConnection> {
    const cards = await this.issuing.cards(first);
    return { edges: cards.map((node) => ({ node })) };
  }

  @Mutation(() => CreateVirtualCardPayload)
  async createVirtualCard(
    @Arg("input", () => CreateVirtualCardInput) input: CreateVirtualCardInput,
  ): Promise<CreateVirtualCardPayload> {
    return this.issuing.createVirtualCard(input);
  }

  @Mutation(() => CreateCardContactPayload)
  async createCardContact(
    @Arg("input", () => CreateCardContactInput) input: CreateCardContactInput,
  ): Promise<CreateCardContactPayload> {
    return this.issuing.createCardContact(input);
  }
}
