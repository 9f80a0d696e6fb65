/** What a gateway sends to name an entity: the name of its type and the fields of one of its keys. */
export type Representation = Readonly<Record<string, unknown>>;

/** A key of an entity: the fields that name one, and how one is found by them. */
export interface EntityKey<Context> {
  /** A set of fields, as `@key` takes it: `id`, or `sku variation { id }`. */
  readonly fields: string;
  /**
   * Finds the entity, as a plain object that the resolvers of its type know; null when there is none. The
   * representation holds every field of the key, each with a value of any kind. Those of one request are asked for
   * together, so that a loader can collect them.
   */
  readonly find: (representation: Representation, context: Context) => object | null | Promise<object | null>;
}

/** A specification that the subgraph takes directives from. */
export interface SpecificationLink {
  readonly url: string;
  /** Names of directives, with their `@`. */
  readonly import: readonly string[];
}

/** A directive, and where it is printed. Those of the federation specification are imported where they are used. */
export interface AppliedDirective {
  /** As it is to be printed, such as `@shareable`. */
  readonly directive: string;
  /** Types and fields, such as `Money` or `Card.providerCardId`. */
  readonly at: readonly string[];
}

/** How a schema joins a supergraph. */
export interface SubgraphDescription<Context> {
  /** Version of the federation specification, such as `v2.9`. */
  readonly version: string;
  /** Keys of the entities, by the name of their type. Of several keys that a representation holds, the first counts. */
  readonly entities: Readonly<Record<string, readonly EntityKey<Context>[]>>;
  readonly directives?: readonly AppliedDirective[];
  /** Types and fields that are served, but that the supergraph is not told of. */
  readonly omitted?: readonly string[];
  /** Specifications beside that of federation. */
  readonly links?: readonly SpecificationLink[];
  /** Directives of those specifications that the supergraph is to keep, with their `@`. */
  readonly composed?: readonly string[];
}
