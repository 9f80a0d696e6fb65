import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { print } from "graphql";
import type { Answer, Cardgraph } from "./cardgraph.js";

/** What a caller with this `Authorization` header is answered. */
export async function askAs<Data, Variables>(
  server: Cardgraph,
  authorization: string,
  document: TypedDocumentNode<Data, Variables> | string,
  variables: Variables,
): Promise<Answer<Data>> {
  const query = typeof document === "string" ? document : print(document);
  return (await server.post({ query, variables }, { authorization })).json() as never;
}

/** The variables of an order that any sandbox takes. */
export const orderOf = (orderNo: string) => ({
  input: { orderNo, cardRangeId: "vab_069af8a792ad", deposit: { amountMinor: 1000, currency: "USD" } },
});
