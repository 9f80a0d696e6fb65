import { GraphQLError, type SelectionSetNode } from "graphql";
import type { EntityKey, SubgraphDescription } from "./description.js";
import { holds, isRecord, parseFieldSet } from "./field-set.js";

/** How many representations one request may send, over all its `_entities` fields together. */
export const MAX_REPRESENTATIONS = 1_000;

interface ParsedKey<Context> extends EntityKey<Context> {
  readonly selections: SelectionSetNode;
}

/** Looks entities up by what a gateway knows of them. */
export class EntityFinder<Context extends object> {
  readonly #keys: ReadonlyMap<unknown, readonly ParsedKey<Context>[]>;
  /** How many representations each request has sent so far. */
  readonly #sent = new WeakMap<Context, number>();

  constructor(entities: SubgraphDescription<Context>["entities"]) {
    const parsed = (key: EntityKey<Context>) => ({ ...key, selections: parseFieldSet(key.fields) });
    this.#keys = new Map(Object.entries(entities).map(([type, keys]) => [type, keys.map(parsed)]));
  }

  /**
   * The entities in the order of their representations, each with its `__typename`, null where there is none. A list
   * that cannot be understood is refused as a whole, before anything is looked up.
   */
  find(representations: readonly unknown[], context: Context): readonly Promise<object | null>[] {
    this.#count(representations.length, context);
    const lookUps = representations.map((one, index) => this.#lookUp(one, index));
    return lookUps.map(async (lookUp) => lookUp(context));
  }

  #count(number: number, context: Context): void {
    const sent = (this.#sent.get(context) ?? 0) + number;
    this.#sent.set(context, sent);
    if (sent > MAX_REPRESENTATIONS) throw refusal(`a request may send at most ${MAX_REPRESENTATIONS} of them`);
  }

  #lookUp(representation: unknown, index: number): (context: Context) => Promise<object | null> {
    const type = isRecord(representation) ? representation.__typename : undefined;
    const keys = this.#keys.get(type);
    // The name is not repeated: it may be anything.
    if (!isRecord(representation) || !keys) {
      throw refusal(`number ${index} has no __typename, or one that is no entity of this subgraph`);
    }
    const key = keys.find(({ selections }) => holds(representation, selections));
    if (!key) throw refusal(`number ${index} has the fields of no key of ${type}`);
    return async (context) => {
      const found = await key.find(representation, context);
      return found && { ...found, __typename: type };
    };
  }
}

function refusal(reason: string): GraphQLError {
  return new GraphQLError(`The representations cannot be used: ${reason}.`, { extensions: { code: "BAD_USER_INPUT" } });
}
