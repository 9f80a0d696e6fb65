import { createCardContact } from "./create-card-contact.mjs";
import { createVirtualCard } from "./create-virtual-card.mjs";
import { cardsByStatus, cardsOfCustomer, ordersByState } from "./filtered-lists.mjs";
import { listCards } from "./list-cards.mjs";
import { readCard } from "./read-card.mjs";

/**
 * A kind of request: what is sent, and whether the answer is right. `facts` is what was prepared; `sequence` is
 * another number for each request. A server without GraphQL is sent `restOf` and answers what would be in `data`.
 * @typedef {object} RequestKind
 * @property {(facts: { cardIds: readonly string[] }, sequence: number) => { query: string, variables: object }} bodyOf
 * @property {(facts: object, sequence: number) => { method: string, path: string, body?: object }} restOf
 * @property {(data: any, facts: object) => boolean} check
 */

/** @type {Readonly<Record<string, RequestKind>>} */
export const requests = {
  ...{ createCardContact, createVirtualCard, listCards, readCard },
  ...{ cardsByStatus, cardsOfCustomer, ordersByState },
};

/**
 * What is measured, in the order in which it runs: reading first, while there are as many cards as were prepared.
 * `isAlone` is measured of this server without the others, so many `processes` or `subscribers` at a time.
 * `steady` is a rate of light requests whose latency counts while heavy ones arrive; everything else is sent in turns.
 */
export const workloads = [
  { id: "W2", title: "card by id", request: "readCard", concurrency: 8 },
  { id: "W3", title: "50 cards x 12 fields", request: "listCards", concurrency: 8 },
  {
    id: "W4",
    title: "card by id beside createCardContact",
    steady: { light: "readCard", lightPerSecond: 200, heavy: "createCardContact", heavyPerSecond: 400 },
  },
  { id: "W1", title: "createVirtualCard, durable", request: "createVirtualCard", concurrency: 8 },
  {
    id: "W5",
    title: "createVirtualCard, processes on one PostgreSQL",
    request: "createVirtualCard",
    concurrency: 16,
    isAlone: true,
    processes: [1, 2, 4],
  },
  { id: "W6", title: "open subscriptions", isAlone: true, subscribers: 10_000 },
];
