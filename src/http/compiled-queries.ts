import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from "graphql";
import { type CompiledQuery, compileQuery, isCompiledQuery } from "graphql-jit";
import { LRUCache } from "lru-cache";
import { BareQuery, withGiven } from "./bare-query.js";

/** A query is compiled when it comes for this time: compiling costs as much as some ten executions save. */
const COMPILED_AT_USE = 5;
/** Compiled queries that are kept, those used least recently given up first; a client has a few dozen. */
const MAX_QUERIES = 200;
/** Shapes of one query that are kept: `@skip` and `@include` by two or three variables. Others are not compiled. */
const MAX_SHAPES = 8;

/** A query of a valid document, with its variables as they were sent. */
export interface QueryRequest<Context> {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
  /** A context in which nothing has been read yet, for this execution alone. */
  readonly context: () => Context;
}

type Execute = CompiledQuery["query"];

interface Prepared {
  readonly query: BareQuery;
  /** By what is left out; null for a shape that could not be compiled. */
  readonly shapes: Map<string, Execute | null>;
}

/**
 * Answers queries that come often by code compiled for each of them. It answers only what it can answer in full: of
 * anything else, an error of any kind among it, nothing is told but that GraphQL has to execute it.
 */
export class CompiledQueries<Context> {
  readonly #schema: GraphQLSchema;
  readonly #given: GraphQLSchema;
  /** How often each came since it was first seen, or since it last failed. */
  readonly #uses = new WeakMap<OperationDefinitionNode, number>();
  readonly #unfit = new WeakSet<OperationDefinitionNode>();
  readonly #prepared = new LRUCache<OperationDefinitionNode, Prepared>({ max: MAX_QUERIES });

  constructor(schema: GraphQLSchema) {
    this.#schema = schema;
    this.#given = withGiven(schema);
  }

  /** The data; null for what GraphQL has to execute, as if nothing had been tried. Never throws. */
  async answer(request: QueryRequest<Context>): Promise<Record<string, unknown> | null> {
    const { operation } = request;
    if (this.#unfit.has(operation)) return null;
    const uses = (this.#uses.get(operation) ?? 0) + 1;
    this.#uses.set(operation, uses);
    if (uses < COMPILED_AT_USE) return null;
    try {
      const prepared = this.#prepare(request);
      const asked = prepared?.query.asked(request.variables);
      const execute = prepared && asked && this.#compiled(prepared, asked.shape);
      if (!execute) return null;
      const { data, errors } = await execute(undefined, request.context(), asked.given);
      if (!errors?.length && data) return data;
    } catch {
      // Whatever it is: GraphQL's own execution finds it again, and says it in its own words.
    }
    // One that fails often would often be executed twice.
    this.#uses.set(operation, 0);
    return null;
  }

  #prepare({ document, operation }: QueryRequest<Context>): Prepared | null {
    const known = this.#prepared.get(operation);
    if (known) return known;
    const query = BareQuery.of(this.#schema, document, operation);
    if (!query) {
      this.#unfit.add(operation);
      return null;
    }
    const prepared = { query, shapes: new Map() };
    this.#prepared.set(operation, prepared);
    return prepared;
  }

  #compiled({ query, shapes }: Prepared, shape: string): Execute | null {
    const known = shapes.get(shape);
    if (known !== undefined || shapes.size >= MAX_SHAPES) return known ?? null;
    const compiled = compileQuery(this.#given, query.documentOf(shape), undefined, {
      disablingCapturingStackErrors: true,
    });
    const execute = isCompiledQuery(compiled) ? compiled.query : null;
    shapes.set(shape, execute);
    return execute;
  }
}
