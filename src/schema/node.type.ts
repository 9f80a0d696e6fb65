import { Field, ID, InterfaceType } from "type-graphql";
import { isCardContactId, isCardHolderId, isCardId, isOrderId } from "../domain/ids.js";

/** Types that are known by an id of ours. */
export const ENTITY_TYPES = ["Card", "CardHolder", "CardContact", "CardOrder"] as const;

/** One of {@link ENTITY_TYPES}. */
export type EntityType = (typeof ENTITY_TYPES)[number];

const IS_ID_OF: Readonly<Record<EntityType, (id: string) => boolean>> = {
  Card: isCardId,
  CardHolder: isCardHolderId,
  CardContact: isCardContactId,
  CardOrder: isOrderId,
};

/** The type that an id of ours belongs to; null when it is none. */
export function entityTypeOf(id: string): EntityType | null {
  return ENTITY_TYPES.find((type) => IS_ID_OF[type](id)) ?? null;
}

/** GraphQL interface `Node`, as the Relay specification of object identification has it. */
@InterfaceType("Node", {
  description: "Something with an id of ours, which `node` finds it by.",
  resolveType: ({ id }: NodeType) => entityTypeOf(id) ?? undefined,
})
export abstract class NodeType {
  @Field(() => ID, { description: "Our id: opaque and stable." })
  id!: string;
}
