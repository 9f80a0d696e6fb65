import { rmSync } from "node:fs";
import { print } from "graphql";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { readConfig } from "../../src/config.js";
import { REGISTRY } from "../../src/datasources/registry.js";
import { SCOPES } from "../../src/domain/scope.js";
import { openOperator } from "../../src/operator.js";
import {
  CardOrderUpdatedDocument,
  CreateCardContactDocument,
  CreateVirtualCardDocument,
  OrderHistoryDocument,
} from "../generated/graphql.js";
import { askAs, orderOf } from "../support/asking.js";
import { type Answer, type Cardgraph, startCardgraph } from "../support/cardgraph.js";
import { type Issuer, startIssuer } from "../support/issuer.js";
import { documentFor, ROOT_FIELDS } from "../support/root-fields.js";
import { freshDataDir } from "../support/template-database.js";
import { TRANSPORTS, watch } from "../support/watching.js";

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

const codesOf = ({ errors = [] }: Answer<unknown>): readonly string[] =>
  errors.map(({ extensions }) => extensions.code);

describe("somebody who does not say who they are", () => {
  it.each([
    ["nothing", undefined],
    ["an empty header", ""],
    ["a made-up token", "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJtZSJ9."],
    ["a user name", "Basic bWU6bWU="],
  ])("is refused when they send %s, and nothing is done", async (_name, authorization) => {
    const before = server.prepaidify.requests.length;
    const body = { query: print(CreateVirtualCardDocument), variables: orderOf("nobodys") };
    const answer = await server.post(body, authorization === undefined ? {} : { authorization });
    expect([answer.status, answer.headers.get("www-authenticate")]).toEqual([401, "Bearer"]);
    expect(await answer.json()).toEqual({
      errors: [
        {
          message: expect.stringContaining("oken"),
          extensions: { code: "UNAUTHENTICATED", requestId: expect.any(String) },
        },
      ],
    });
    expect(server.prepaidify.requests).toHaveLength(before);
  });

  it("may not even ask what there is to ask", async () => {
    const search = `?query=${encodeURIComponent("{ __schema { queryType { name } } }")}`;
    const answer = await fetch(`${server.url}/graphql${search}`, { headers: { "apollo-require-preflight": "1" } });
    expect(answer.status).toBe(401);
  });

  it.each(TRANSPORTS)("cannot follow anything over %s", async (transport) => {
    const watching = watch(server.url, transport, CardOrderUpdatedDocument, { orderNo: "any" });
    const refused = transport === "SSE" ? { response: { status: 401 } } : { code: 4401 };
    expect(await watching.ended).toMatchObject(refused);
    expect(watching.seen).toEqual([]);
  });

  it("finds health and the playground's page all the same", async () => {
    const paths = ["/health/live", "/health/ready", "/graphiql/"];
    const statuses = await Promise.all(paths.map(async (path) => (await fetch(`${server.url}${path}`)).status));
    expect(statuses).toEqual([200, 200, 200]);
  });
});

describe("every field at the root", () => {
  const fields = ROOT_FIELDS.flatMap((one) => one.needed.map((scope) => [one.place, scope, one] as const));
  it.each(fields)("%s asks for %s", async (_place, needed, one) => {
    const document = documentFor(one);
    const others = SCOPES.filter((scope) => scope !== needed).join(" ");
    const authorization = await issuer.tokenFor({ tenant: "acme", scopes: others });
    if (one.kind === "subscription") {
      const answer = await fetch(`${server.url}/graphql`, {
        method: "POST",
        headers: { "content-type": "application/json", accept: "text/event-stream", authorization },
        body: JSON.stringify({ query: document }),
      });
      expect(await answer.text()).toContain('"code":"FORBIDDEN"');
      return;
    }
    const answer = await askAs(server, authorization, document, {});
    expect(codesOf(answer)).toEqual(["FORBIDDEN"]);
    expect(answer.errors?.[0]?.message).toContain(needed);
  });

  it.each([
    "node(id: $id) { id }",
    "_entities(representations: [{ __typename: $type, id: $id }]) { __typename }",
  ])("%s asks for the scope of what it finds", async (field) => {
    const authorization = await issuer.tokenFor({ tenant: "acme", scopes: "contacts:read" });
    const ids = { Card: "card", CardHolder: "chd", CardOrder: "ord" };
    for (const [type, prefix] of Object.entries(ids)) {
      const filled = field.replace("$type", JSON.stringify(type));
      const query = `{ ${filled.replace("$id", JSON.stringify(`${prefix}_${"0".repeat(32)}`))} }`;
      expect(codesOf(await askAs(server, authorization, query, {})), type).toEqual(["FORBIDDEN"]);
    }
    const contact = field.replace("$type", '"CardContact"').replace("$id", `"cct_${"0".repeat(32)}"`);
    expect(codesOf(await askAs(server, authorization, `{ ${contact} }`, {}))).toEqual([]);
  });

  it("does nothing for who lacks the scope", async () => {
    const before = [server.prepaidify.requests.length, server.pagsmile.requests.length];
    const authorization = await issuer.tokenFor({ tenant: "acme", scopes: "cards:read contacts:read" });
    const contact = { firstName: "Ana", lastName: "Silva", mobile: "+5511999999999", email: "ana@merchant.example" };
    await askAs(server, authorization, CreateVirtualCardDocument, orderOf("not-mine"));
    await askAs(server, authorization, CreateCardContactDocument, { input: contact });
    expect([server.prepaidify.requests.length, server.pagsmile.requests.length]).toEqual(before);
    expect(
      (await askAs(server, authorization, OrderHistoryDocument, { orderNo: "not-mine" })).data?.cardOrder,
    ).toBeNull();
  });
});

describe("a token that ends", () => {
  it.each(TRANSPORTS)("ends what is followed with it over %s", async (transport) => {
    const orderNo = `ending-${transport}`;
    await askAs(
      server,
      await issuer.tokenFor({ tenant: "acme", scopes: ALL }),
      CreateVirtualCardDocument,
      orderOf(orderNo),
    );
    const short = await issuer.tokenFor({ tenant: "acme", scopes: ALL, seconds: 2 });
    const watching = watch(server.url, transport, CardOrderUpdatedDocument, { orderNo }, short);
    await watching.until((seen) => seen.length > 0);
    expect(JSON.stringify(await watching.ended)).toContain("UNAUTHENTICATED");
    expect((await server.post({ query: "{ providers { code } }" }, { authorization: short })).status).toBe(401);
  });
});

describe("a server with API keys", () => {
  let dataDir: string;
  beforeAll(() => {
    dataDir = freshDataDir(inject("templateDataDir"));
  });
  afterAll(() => rmSync(dataDir, { recursive: true, force: true }));
  const withKeys = async <Result>(
    work: (keys: Awaited<ReturnType<typeof openOperator>>["keys"]) => Promise<Result>,
  ) => {
    const operator = await openOperator(readConfig({ DATA_DIR: dataDir }, REGISTRY));
    try {
      return await work(operator.keys);
    } finally {
      await operator.close();
    }
  };

  it("lets in who has one, as its tenant and with its scopes, until it is taken back", async () => {
    const request = { tenant: "acme", label: "reader", scopes: ["cards:read"], expiresAt: null } as const;
    const { id, text } = await withKeys((keys) => keys.create(request));
    const header = { authorization: `Bearer ${text.reveal()}` };
    const query = '{ cards { edges { node { id } } } cardContact(id: "x") { id } }';
    const keyed = await startCardgraph({ env: { AUTH: "keys" }, dataDir });
    const answer = await (await keyed.post({ query }, header)).json();
    expect(answer).toMatchObject({
      data: { cards: { edges: [] }, cardContact: null },
      errors: [{ path: ["cardContact"] }],
    });
    expect((await keyed.post({ query })).status).toBe(401);
    expect(keyed.log.join()).not.toContain(text.reveal().slice(-20));
    await keyed.close();
    expect(await withKeys((keys) => keys.revoke(id))).toBe(true);
    const after = await startCardgraph({ env: { AUTH: "keys" }, dataDir });
    expect((await after.post({ query }, header)).status).toBe(401);
    await after.close();
  });

  it.each([
    [{ tenant: "../x", label: "a", scopes: ["cards:read"] }, "tenant"],
    [{ tenant: "acme", label: "", scopes: ["cards:read"] }, "label"],
    [{ tenant: "acme", label: "a", scopes: [] }, "scope"],
  ] as const)("makes none for %o", async (request, rule) => {
    await expect(withKeys((keys) => keys.create({ ...request, expiresAt: null }))).rejects.toThrow(rule);
    expect(await withKeys((keys) => keys.list(10))).toHaveLength(1);
  });
});
