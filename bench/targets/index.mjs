import { cardgraph, cardgraphEmbedded } from "./cardgraph.mjs";
import { peers, plain } from "./peers.mjs";

/** The servers of a run. All of them are given the same work in turn; the first one is what others are compared to. */
export const targets = [cardgraph, ...peers, cardgraphEmbedded];

/** Those that can be asked for by name, too. */
export const named = [...targets, plain];
