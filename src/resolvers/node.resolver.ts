import { Arg, Ctx, ID, Query, Resolver } from "type-graphql";
import { entityTypeOf, NodeType } from "../schema/node.type.js";
import type { RequestContext } from "./context.js";
import { READ_BY_ID } from "./entities.js";

/** Finds anything by its id. */
@Resolver()
export class NodeResolver {
  @Query(() => NodeType, {
    nullable: true,
    description: "A card, cardholder, card contact or order by our id. Null when there is none.",
  })
  async node(
    @Arg("id", () => ID, { description: "Our id of it." }) id: string,
    @Ctx() context: RequestContext,
  ): Promise<NodeType | null> {
    const type = entityTypeOf(id);
    return type && (READ_BY_ID[type](context, id) as Promise<NodeType | null>);
  }
}
