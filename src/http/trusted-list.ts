import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { z } from "zod";

/** Upper bound on the file of a list. */
const MAX_FILE_BYTES = 5_000_000;
/** Upper bound on the documents of a list; a large client has some hundred. */
const MAX_DOCUMENTS = 5_000;
/** Faults that are told at once: a list that was built for another schema may have hundreds. */
const MAX_TOLD = 20;

/** A document of a list, as the file has it. */
export interface ListedDocument {
  /** The name that clients know it by: the hash of its text. */
  readonly name: string;
  readonly text: string;
}

/** The list of trusted documents cannot be used; the message says which entry breaks which rule. */
export class TrustedListError extends Error {
  override readonly name = "TrustedListError";

  constructor(faults: readonly string[]) {
    const told = faults.slice(0, MAX_TOLD).map((fault) => `  ${fault}`);
    const rest = faults.length > MAX_TOLD ? [`  and ${faults.length - MAX_TOLD} more`] : [];
    super(["The list of TRUSTED_DOCUMENTS cannot be used:", ...told, ...rest].join("\n"));
  }
}

/** What the client preset of GraphQL Code Generator writes, with `persistedDocuments`: hash and text. */
const BY_HASH = z.record(z.string(), z.string());

/** What `@apollo/generate-persisted-query-manifest` writes. */
const APOLLO = z.object({
  format: z.literal("apollo-persisted-query-manifest"),
  version: z.literal(1),
  operations: z.array(z.object({ id: z.string(), body: z.string() })),
});

const SHAPE = "the file must be a JSON object of hash and document, or an apollo-persisted-query-manifest of version 1";

/** Reads the file of a list. Throws {@link TrustedListError}: a list is taken whole or not at all. */
export async function readTrustedList(path: string): Promise<readonly ListedDocument[]> {
  const listed = documentsOf(await contentOf(path));
  if (listed.length === 0) throw new TrustedListError(["the list holds no document"]);
  if (listed.length > MAX_DOCUMENTS) {
    throw new TrustedListError([`the list holds more than ${MAX_DOCUMENTS} documents`]);
  }
  const faults = listed.flatMap((entry, index) => {
    const rule = brokenRule(entry);
    return rule === null ? [] : [`${entryName(entry, index)}: ${rule}`];
  });
  if (faults.length > 0) throw new TrustedListError(faults);
  return listed;
}

/** How an entry is called in a message. */
export function entryName({ name }: ListedDocument, index: number): string {
  return /^[\w:.-]{1,80}$/.test(name) ? `entry ${name}` : `entry number ${index + 1}`;
}

async function contentOf(path: string): Promise<unknown> {
  const text = await textOf(path).catch((error: NodeJS.ErrnoException) => {
    if (error instanceof TrustedListError) throw error;
    throw new TrustedListError([`the file cannot be read: ${error.code ?? "unknown fault"}`]);
  });
  try {
    return JSON.parse(text);
  } catch {
    throw new TrustedListError(["the file is not valid JSON"]);
  }
}

async function textOf(path: string): Promise<string> {
  if ((await stat(path)).size > MAX_FILE_BYTES) {
    throw new TrustedListError([`the file is larger than ${MAX_FILE_BYTES} bytes`]);
  }
  return readFile(path, "utf8");
}

function documentsOf(content: unknown): readonly ListedDocument[] {
  const apollo = APOLLO.safeParse(content);
  if (apollo.success) return apollo.data.operations.map(({ id, body }) => ({ name: id, text: body }));
  const byHash = BY_HASH.safeParse(content);
  if (!byHash.success || "format" in byHash.data) throw new TrustedListError([SHAPE]);
  return Object.entries(byHash.data).map(([name, text]) => ({ name, text }));
}

const SHA1 = /^[0-9a-f]{40}$/;
const SHA256 = /^(?:sha256:)?([0-9a-f]{64})$/;

/** A name that is not the hash of its document would let a list say one thing and the server do another. */
function brokenRule({ name, text }: ListedDocument): string | null {
  const sha256 = SHA256.exec(name)?.[1];
  if (sha256 === undefined && !SHA1.test(name)) {
    return "its name must be the SHA-256 or SHA-1 of the document in lower-case hexadecimal";
  }
  const own = createHash(sha256 === undefined ? "sha1" : "sha256")
    .update(text)
    .digest("hex");
  return own === (sha256 ?? name) ? null : "its name is not the hash of its document";
}
