import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SCOPES } from "../../src/domain/scope.js";
import {
  CardDocument,
  CardOrderUpdatedDocument,
  CardUpdatedDocument,
  CreateVirtualCardDocument,
  OrderHistoryDocument,
} from "../generated/graphql.js";
import { askAs, orderOf } from "../support/asking.js";
import { type Cardgraph, startCardgraph } from "../support/cardgraph.js";
import { type Issuer, startIssuer } from "../support/issuer.js";
import { watch } from "../support/watching.js";

const ALL = SCOPES.join(" ");

let issuer: Issuer;
let server: Cardgraph;
beforeAll(async () => {
  issuer = await startIssuer();
  server = await startCardgraph({ env: { ...issuer.env, RECONCILE_SCHEDULE_MS: "20" } });
});
afterAll(async () => {
  await server.close();
  await issuer.close();
});

describe("two tenants", () => {
  it("do not see each other's orders and cards, by whatever name", async () => {
    const [mine, theirs] = await Promise.all(
      ["acme", "globex"].map((tenant) => issuer.tokenFor({ tenant, scopes: ALL })),
    );
    const placed = await askAs(server, mine ?? "", CreateVirtualCardDocument, orderOf("acme-1"));
    const card = placed.data?.createVirtualCard.card;
    expect(card).toBeTruthy();
    const id = card?.id ?? "";
    expect((await askAs(server, mine ?? "", CardDocument, { id })).data?.card?.id).toBe(id);
    expect((await askAs(server, theirs ?? "", CardDocument, { id })).data).toEqual({ card: null });
    expect((await askAs(server, theirs ?? "", OrderHistoryDocument, { orderNo: "acme-1" })).data).toEqual({
      cardOrder: null,
    });
    const listed = await askAs<{ cards: { edges: unknown[] } }, object>(
      server,
      theirs ?? "",
      "{ cards { edges { node { id } } } }",
      {},
    );
    expect(listed.data?.cards.edges).toEqual([]);
    const watching = watch(server.url, "SSE", CardOrderUpdatedDocument, { orderNo: "acme-1" }, theirs);
    expect(JSON.stringify(await watching.ended)).toContain("NOT_FOUND");
  });

  it("find nothing of each other's as a gateway would ask, by any id, or by a cursor", async () => {
    const [mine = "", theirs = ""] = await Promise.all(
      ["acme", "globex"].map((tenant) => issuer.tokenFor({ tenant, scopes: ALL })),
    );
    await askAs(server, mine, CreateVirtualCardDocument, orderOf("acme-entities"));
    const { data } = await askAs<{ cardOrder: Record<string, never> }, object>(
      server,
      mine,
      '{ cardOrder(orderNo: "acme-entities") { id card { id cardHolder { id } } } }',
      {},
    );
    const order = data?.cardOrder as unknown as { id: string; card: { id: string; cardHolder: { id: string } } };
    const representations = [
      { __typename: "Card", id: order.card.id },
      { __typename: "CardHolder", id: order.card.cardHolder.id },
      { __typename: "CardOrder", id: order.id },
      { __typename: "CardOrder", orderNo: "acme-entities" },
    ];
    const entities =
      "query All($representations: [_Any!]!) { _entities(representations: $representations) { __typename } }";
    const found = representations.map(({ __typename }) => ({ __typename }));
    expect((await askAs(server, mine, entities, { representations })).data).toEqual({ _entities: found });
    expect((await askAs(server, theirs, entities, { representations })).data).toEqual({
      _entities: [null, null, null, null],
    });
    for (const id of [order.id, order.card.id, order.card.cardHolder.id]) {
      const node = "query One($id: ID!) { node(id: $id) { id } }";
      expect((await askAs(server, mine, node, { id })).data).toEqual({ node: { id } });
      expect((await askAs(server, theirs, node, { id })).data).toEqual({ node: null });
    }
    const after = Buffer.from(`1:card_${"f".repeat(32)}`).toString("base64url");
    const listed = await askAs(
      server,
      theirs,
      "query After($after: String) { cards(after: $after) { edges { cursor } } }",
      {
        after,
      },
    );
    expect(listed.data).toEqual({ cards: { edges: [] } });
    const watching = watch(server.url, "WebSocket", CardUpdatedDocument, { id: order.card.id }, theirs);
    expect(JSON.stringify(await watching.ended)).toContain("NOT_FOUND");
  });

  it("cannot use one order number at one provider, and are told no more than that it was used", async () => {
    const [first, second] = await Promise.all(
      ["acme", "globex"].map((tenant) => issuer.tokenFor({ tenant, scopes: ALL })),
    );
    await askAs(server, first ?? "", CreateVirtualCardDocument, orderOf("shared-number"));
    const before = server.prepaidify.requests.length;
    const answer = await askAs(server, second ?? "", CreateVirtualCardDocument, orderOf("shared-number"));
    expect(answer.data?.createVirtualCard).toMatchObject({
      order: null,
      card: null,
      userErrors: [{ code: "IDEMPOTENCY_MISMATCH", field: ["orderNo"] }],
    });
    expect(server.prepaidify.requests.slice(before).filter((one) => one.path.endsWith("/card/create"))).toEqual([]);
  });
});
