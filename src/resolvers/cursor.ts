import type { Page } from "../domain/page.js";
import { argumentError } from "./errors.js";

const MAX_PAGE = 100;
const DEFAULT_PAGE = 20;
const VERSION = "1";

/** How many a client asked for; throws an argument error unless it is 1 to 100. */
export function pageSize(first: number | null | undefined): number {
  const size = first ?? DEFAULT_PAGE;
  if (size < 1 || size > MAX_PAGE) throw argumentError("first must be 1 to 100");
  return size;
}

/** A place in a list, made opaque, so that it stays good whatever is added to the list. */
export function writeCursor(place: string | number): string {
  return Buffer.from(`${VERSION}:${place}`).toString("base64url");
}

/** The place that a cursor stands for, which has to look like one of this list; throws an argument error otherwise. */
export function readCursor(cursor: string, isPlace: (text: string) => boolean): string {
  const [version, place] = Buffer.from(cursor, "base64url").toString().split(":");
  if (version !== VERSION || !place || !isPlace(place)) throw argumentError("after must be a cursor of this list");
  return place;
}

/** The stretch of a list by ids that a client asks for. Throws an argument error. */
export function readPage(
  args: { readonly first?: number | null; readonly after?: string | null },
  isPlace: (text: string) => boolean,
): Page {
  return { first: pageSize(args.first), after: args.after ? readCursor(args.after, isPlace) : null };
}

/** An item at its place in a list. Most lists are read without cursors, so those are written when they are read. */
class Edge<Node> {
  readonly node: Node;
  readonly #place: string | number;

  constructor(place: string | number, node: Node) {
    this.#place = place;
    this.node = node;
  }

  get cursor(): string {
    return writeCursor(this.#place);
  }
}

/** Where edges begin and end. A getter of a literal would be made for each list, and keep the list for far too long. */
class PageInfo {
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly #edges: readonly Edge<unknown>[];

  constructor(edges: readonly Edge<unknown>[], hasPreviousPage: boolean, hasNextPage: boolean) {
    this.#edges = edges;
    this.hasPreviousPage = hasPreviousPage;
    this.hasNextPage = hasNextPage;
  }

  get startCursor(): string | null {
    return this.#edges[0]?.cursor ?? null;
  }

  get endCursor(): string | null {
    return this.#edges.at(-1)?.cursor ?? null;
  }
}

/** Edges with where they begin and end, out of one more item than was asked for. */
export function connectionOf<Item, Node>(
  items: readonly Item[],
  page: { readonly first: number; readonly after: unknown },
  describe: (item: Item) => { readonly place: string | number; readonly node: Node },
) {
  const edges = items.slice(0, page.first).map((item) => {
    const { place, node } = describe(item);
    return new Edge(place, node);
  });
  return { edges, pageInfo: new PageInfo(edges, page.after !== null, items.length > page.first) };
}
