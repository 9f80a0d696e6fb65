import type { IncomingHttpHeaders } from "node:http";
import {
  createSourceEventStream,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  Kind,
  type OperationTypeNode,
} from "graphql";
import type { Identity } from "../domain/identity.js";
import { type AnswerBound, LATE, TOO_LATE } from "./answer-bound.js";
import { DocumentCache, withCode } from "./document-cache.js";
import type { DocumentRequest, DocumentSource } from "./document-source.js";
import { ENDED } from "./gate.js";
import { isUnplanned, presentError } from "./graphql-errors.js";
import { ListBounds } from "./list-bounds.js";
import { PresentedError } from "./presented-error.js";
import { ResponseStream } from "./response-stream.js";
import type { TrustedDocuments } from "./trusted-documents.js";

/** Who asks, as far as a context may want to know. */
export interface Caller {
  /** Names the operation in logs and errors. */
  readonly id: string;
  readonly headers: IncomingHttpHeaders;
  /** What of its address the client is counted by. */
  readonly client: string;
  readonly identity: Identity;
}

/** What every resolver is given; the server only needs the id. */
export interface GraphqlContext {
  readonly requestId: string;
}

/** What an {@link Executor} is built from. */
export interface ExecutorParts<Context extends GraphqlContext> {
  readonly schema: GraphQLSchema;
  /** Builds what resolvers are given; what it throws is told to the caller as any other error. */
  readonly contextOf: (caller: Caller) => Context | Promise<Context>;
  /** The same caller's context in which nothing has been read yet; unless given, no query is compiled. */
  readonly renewed?: ((context: Context) => Context) | undefined;
  /** Told every error that was masked. */
  readonly onUnplanned: (error: GraphQLError, requestId: string) => void;
  /** Whether a caller who was let in may still go on; without it, until their identity ends. */
  readonly stillHolds?: ((identity: Identity) => Promise<boolean>) | undefined;
  /** How long whoever waits for one answer does so. */
  readonly bound: AnswerBound;
  /** The only documents that are run; without them, any that is valid. */
  readonly trusted?: TrustedDocuments | null;
  /** Whether callers are told the schema when they ask; unless given, they are. */
  readonly introspection?: boolean;
}

/** An operation as a client sends it. */
export interface OperationRequest extends DocumentRequest {
  readonly operationName?: string | null;
  readonly variables?: Readonly<Record<string, unknown>> | null;
}

/** An operation that may be run. */
export interface ReadyOperation {
  readonly kind: "ready";
  readonly operation: `${OperationTypeNode}`;
  readonly args: ExecutionArgs;
  readonly caller: Caller;
}

/** An operation that is refused before anything of it is carried out. */
export interface RefusedOperation {
  readonly kind: "refused";
  readonly errors: readonly PresentedError[];
}

/**
 * Carries out operations that do not come through Apollo Server, by the same rules: the same bounds on documents, the
 * same validation, the same context and the same errors. Nothing that it answers or throws is anything but presented.
 */
export class Executor<Context extends GraphqlContext> {
  readonly #parts: ExecutorParts<Context>;
  readonly #documents: DocumentSource;
  readonly #bounds = new ListBounds();

  constructor(parts: ExecutorParts<Context>) {
    this.#parts = parts;
    this.#documents = parts.trusted ?? new DocumentCache(parts.schema, parts.introspection ?? true);
  }

  /** Reads an operation and says whether it may be run. Never throws. */
  prepare(request: OperationRequest, caller: Caller): ReadyOperation | RefusedOperation {
    try {
      const document = this.#documents.read(request);
      if (!("kind" in document)) return { kind: "refused", errors: this.#presentAll(document, caller.id) };
      const definition = getOperationAST(document, request.operationName);
      if (!definition) throw unresolved(document, request);
      const { schema } = this.#parts;
      const { operationName, variables: variableValues } = request;
      const fault = this.#bounds.beyond({ schema, document, operation: definition, variables: variableValues });
      if (fault) throw fault;
      const args = { schema, document, operationName, variableValues };
      return { kind: "ready", operation: definition.operation, args, caller };
    } catch (error) {
      return { kind: "refused", errors: [this.present(error, caller.id)] };
    }
  }

  /** Runs an operation: a subscription gives a stream unless it fails, anything else one result. Never throws. */
  async run(ready: ReadyOperation): Promise<ExecutionResult | ResponseStream> {
    const { args, caller } = ready;
    try {
      if (ready.operation !== "subscription") return await this.#answerInTime(args, caller);
      const contextValue = await this.#contextOf(caller);
      const source = await createSourceEventStream({ ...args, contextValue });
      if (!(Symbol.asyncIterator in source)) return this.#presentResult(source, caller.id);
      return new ResponseStream({
        source: source[Symbol.asyncIterator](),
        respond: (event) => this.#respond(args, event, caller),
        present: (error) => this.present(error, caller.id),
        until: caller.identity.expiresAt,
        ended,
      });
    } catch (error) {
      return { errors: [this.present(error, caller.id)] };
    }
  }

  /** Anything that was thrown, as the caller may see it; what is masked is reported. */
  present(thrown: unknown, requestId: string): PresentedError {
    if (thrown instanceof PresentedError) return thrown;
    const error = coded(asGraphqlError(thrown));
    if (isUnplanned(error)) this.#parts.onUnplanned(error, requestId);
    const code = error.extensions.code ?? "INTERNAL_SERVER_ERROR";
    const shown = presentError({ ...error.toJSON(), extensions: { ...error.extensions, code } }, error);
    return new PresentedError({ ...shown, extensions: { ...shown.extensions, requestId } });
  }

  async #answerInTime(args: ExecutionArgs, caller: Caller): Promise<ExecutionResult> {
    const answer = await this.#parts.bound.within(this.#respond(args, undefined, caller));
    if (answer === TOO_LATE) throw new GraphQLError(LATE.message, { extensions: { code: LATE.code } });
    return answer;
  }

  /** Each event has a context of its own: what one event has read and kept would be stale by the next. */
  async #respond(args: ExecutionArgs, rootValue: unknown, caller: Caller): Promise<ExecutionResult> {
    const contextValue = await this.#contextOf(caller);
    return this.#execute({ ...args, rootValue, contextValue }, caller.id);
  }

  /** A connection outlives what it was opened with: before anything is done or shown, that is asked about anew. */
  async #contextOf(caller: Caller): Promise<Context> {
    const { stillHolds, contextOf } = this.#parts;
    if (stillHolds && !(await stillHolds(caller.identity))) throw ended();
    return contextOf(caller);
  }

  async #execute(args: ExecutionArgs, requestId: string): Promise<ExecutionResult> {
    return this.#presentResult(await execute(args), requestId);
  }

  #presentResult(result: ExecutionResult, requestId: string): ExecutionResult {
    return result.errors ? { ...result, errors: this.#presentAll(result.errors, requestId) } : result;
  }

  #presentAll(errors: readonly GraphQLError[], requestId: string): readonly PresentedError[] {
    return errors.map((error) => this.present(error, requestId));
  }
}

function ended(): GraphQLError {
  return new GraphQLError(ENDED.message, { extensions: { code: ENDED.code } });
}

function asGraphqlError(thrown: unknown): GraphQLError {
  if (thrown instanceof GraphQLError) return thrown;
  const originalError = thrown instanceof Error ? thrown : new Error("something that is no error was thrown");
  // Without extensions of its own it would take over those that a library hung onto the error.
  return new GraphQLError(originalError.message, { originalError, extensions: {} });
}

/** GraphQL gives no code to a variable that does not fit its type; it is known by where it points to. */
function coded(error: GraphQLError): GraphQLError {
  const [node, ...others] = error.nodes ?? [];
  const isBadVariable = node?.kind === Kind.VARIABLE_DEFINITION && others.length === 0;
  return isBadVariable && error.extensions.code === undefined ? withCode(error, "BAD_USER_INPUT") : error;
}

function unresolved(document: DocumentNode, { operationName }: OperationRequest): GraphQLError {
  const operations = document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  const rule = operationName
    ? "The document has no operation of the name in operationName."
    : operations.length > 1
      ? "The document has more than one operation: say which one in operationName."
      : "The document has no operation.";
  return new GraphQLError(rule, { extensions: { code: "OPERATION_RESOLUTION_FAILURE" } });
}
