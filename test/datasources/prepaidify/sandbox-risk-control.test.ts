import { describe, expect, it } from "vitest";
import { toAccountEvent } from "../../../src/datasources/prepaidify/callback-event.js";
import { order, serve, type WorldOptions, world } from "./support.js";

/** A sandbox with an account's address, and what came there. */
async function watched(options: WorldOptions = {}) {
  const bodies: string[] = [];
  const url = await serve((_request, body, response) => {
    bodies.push(body);
    response.writeHead(200).end("success");
  });
  const { sandbox, provider, desk } = await world({
    stageMs: 600_000,
    accountCallbackUrl: () => `${url}/account`,
    ...options,
  });
  const open = async (orderNo: string, email: string) => {
    desk.sending.add(`PREPAIDIFY create ${orderNo}`);
    return provider.createVirtualCard(order({ orderNo, email }));
  };
  return { sandbox, provider, bodies, open };
}

describe("the sandbox's risk control", () => {
  it("freezes a card and says so, as the provider's page shows it, at the account's address", async () => {
    const { sandbox, provider, bodies, open } = await watched();
    const { providerCardId } = await open("order-1", "ada@example.com");
    expect(await sandbox.freezeCard(providerCardId)).toBe(200);
    expect(await provider.readCard({ providerCardId, email: "ada@example.com" })).toMatchObject({ status: "FREEZE" });
    const [card] = sandbox.cards();
    expect(JSON.parse(bodies[0] ?? "")).toMatchObject({
      eventType: "RISK_CONTROL",
      eventId: expect.stringMatching(/^ev_/),
      data: { userId: card?.userId, cardIds: [providerCardId], numbers: [card?.number], type: "FREEZE_CARD" },
    });
    expect(toAccountEvent(bodies[0] ?? "")?.targets).toMatchObject([{ providerCardId }]);
  });

  it("freezes every card of a user, who is an e-mail address, and names the user alone", async () => {
    const { sandbox, bodies, open } = await watched();
    const [one, two] = [await open("order-1", "ada@example.com"), await open("order-2", "ada@example.com")];
    const other = await open("order-3", "bob@example.com");
    expect(two.providerUserId).toBe(one.providerUserId);
    expect(other.providerUserId).not.toBe(one.providerUserId);
    expect(await sandbox.freezeUser(one.providerUserId ?? "")).toBe(200);
    expect(sandbox.cards().map(({ status }) => status)).toEqual(["FREEZE", "FREEZE", "INIT"]);
    expect(toAccountEvent(bodies[0] ?? "")?.targets).toMatchObject([
      { providerUserId: one.providerUserId, providerCardId: null, orderNo: null },
    ]);
  });

  it("says nothing where no address was set up", async () => {
    const { sandbox, bodies, open } = await watched({ accountCallbackUrl: undefined });
    const { providerCardId } = await open("order-1", "ada@example.com");
    expect(await sandbox.freezeCard(providerCardId)).toBe(0);
    expect(bodies).toEqual([]);
  });
});
