import { cardgraph } from "./cardgraph.mjs";

/** The servers to measure, one line each. All of them are given the same work in turn. */
export const targets = [cardgraph];
