import { expect, it } from "vitest";
import { type Authenticator, IdentityUnavailable } from "../../src/domain/identity.js";
import { StoreUnavailable } from "../../src/domain/store-unavailable.js";
import { startLive } from "../support/live-server.js";
import { ask } from "../support/sse-requests.js";
import { open } from "../support/ws-connection.js";

/** Finds out nothing about anybody, for want of what it would need. */
const unable = (error: Error): Authenticator => ({ authenticate: () => Promise.reject(error) });

it.each([
  ["the issuer's keys", new IdentityUnavailable()],
  ["the database with the API keys", new StoreUnavailable("unreachable")],
])("nothing is done while %s cannot be reached, and callers are not blamed", async (_name, error) => {
  const server = await startLive({}, () => {}, { authenticator: unable(error) });
  const body = JSON.stringify({ query: "mutation { spend }" });
  const headers = { "content-type": "application/json", authorization: "Bearer any" };
  const answer = await fetch(server.url, { method: "POST", headers, body });
  expect([answer.status, answer.headers.get("www-authenticate")]).toEqual([503, null]);
  expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: "SERVICE_UNAVAILABLE" } }] });
  expect((await ask(server, "mutation { spend }", { headers: { authorization: "Bearer any" } })).status).toBe(503);
  const { send, closed } = await open(server, false);
  send({ type: "connection_init", payload: { authorization: "Bearer any" } });
  expect(await closed).toMatch(/^1013 /);
  expect(server.spent()).toBe(0);
  expect(server.journal).toEqual(Array(3).fill({ event: "caller_refused", outcome: "unavailable" }));
});
