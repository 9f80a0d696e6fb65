import { ArgsType, Field, Int } from "type-graphql";

/** Arguments of `CardOrder.events` and of `Card.events`. */
@ArgsType()
export class EventsArgs {
  @Field(() => Int, { nullable: true, defaultValue: 20, description: "How many events, 1 to 100." })
  first?: number | null;

  @Field(() => String, {
    nullable: true,
    description: "Cursor of the last event that you have seen. Null: from the beginning.",
  })
  after?: string | null;
}
