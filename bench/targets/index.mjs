import { cardgraph, cardgraphEmbedded } from "./cardgraph.mjs";
import { peers } from "./peers.mjs";

/** The servers to measure. All of them are given the same work in turn; the first one is what others are compared to. */
export const targets = [cardgraph, ...peers, cardgraphEmbedded];
