import { inspect } from "node:util";
import { expect, onTestFinished } from "vitest";
import {
  type RestAnswer,
  RestDataSource,
  type RestDataSourceOptions,
  type RestRequest,
} from "../../src/datasources/rest-datasource.js";
import type { JournalEntry } from "../../src/domain/journal.js";
import { ProviderError, type ProviderErrorKind } from "../../src/domain/provider-error.js";
import { RAW_BODY, type RawServer } from "./raw-server.js";

/** What must not be found in anything that a failure prints. */
const SECRETS = ["top-secret-header", RAW_BODY, "top-secret-path", "127.0.0.1", "localhost", ".invalid"];

/** The one request that probes make. */
const REQUEST: RestRequest = {
  method: "POST",
  path: "/v1/top-secret-path",
  headers: { "x-key": "top-secret-header", "content-type": "text/plain" },
  body: RAW_BODY,
};

/** The smallest data source: one call, and what went to the journal. */
export class Probe extends RestDataSource {
  readonly journalled: readonly JournalEntry[];

  constructor(options: Partial<RestDataSourceOptions> & { readonly baseUrl: string }) {
    const entries: JournalEntry[] = [];
    super({ provider: "PAGSMILE", timeoutMs: 5_000, journal: { record: (entry) => entries.push(entry) }, ...options });
    this.journalled = entries;
  }

  send<Result>(read: (answer: RestAnswer) => Result, request = REQUEST): Promise<Result> {
    return this.call("probe", request, read);
  }

  get prefix(): string {
    return this.basePath;
  }
}

/** A probe for the test that runs. */
export function probe(options: Partial<RestDataSourceOptions> & { readonly baseUrl: string }): Probe {
  const made = new Probe(options);
  onTestFinished(() => made.close());
  return made;
}

/** A raw server's address. */
export const http = (server: RawServer): string => `http://127.0.0.1:${server.port}`;

/** Makes one call, which must fail, and checks what holds for every failure. */
export async function failureOf(source: Probe): Promise<{ kind: ProviderErrorKind; reason: string }> {
  const before = source.journalled.length;
  const error: unknown = await source.send((answer) => answer).catch((thrown) => thrown);
  if (!(error instanceof ProviderError)) throw new Error("the call did not fail with a ProviderError");
  const printed = [JSON.stringify(error), inspect(error, { depth: 9, showHidden: true }), String(error), error.message];
  for (const secret of SECRETS) expect(printed.join("\n")).not.toContain(secret);
  expect(error.stack).not.toMatch(/node_modules.got|RequestError/);
  expect(error.cause).toBeUndefined();
  const { kind, reason } = error;
  expect(source.journalled.slice(before)).toEqual([
    expect.objectContaining({ event: "provider_call", operation: "probe", outcome: kind, reason }),
  ]);
  return { kind, reason };
}
