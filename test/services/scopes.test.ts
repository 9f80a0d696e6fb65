import { describe, expect, it } from "vitest";
import type { ActingCaller } from "../../src/domain/audit.js";
import { type Caller, Forbidden } from "../../src/domain/identity.js";
import { SCOPES, type Scope } from "../../src/domain/scope.js";
import { CreateCardContact } from "../../src/services/create-card-contact.js";
import { CreateVirtualCard } from "../../src/services/create-virtual-card.js";
import { ListCardRanges } from "../../src/services/list-card-ranges.js";
import { ReadCards } from "../../src/services/read-cards.js";
import { RevealCard } from "../../src/services/reveal-card.js";
import { WatchOrders } from "../../src/services/watch-orders.js";

/** Stands for every store and provider: whoever touches it has gone too far. */
const TOUCHED = "went on without the scope";
const untouchable = new Proxy(() => undefined, {
  get: () => untouchable,
  apply: () => {
    throw new Error(TOUCHED);
  },
}) as never;

/** Everything that a resolver can ask a service for, and the scope that it takes. */
const USES: Readonly<Record<string, readonly [Scope, (caller: Caller & ActingCaller) => Promise<unknown>]>> = {
  ...methods("cards:read", new ReadCards(untouchable, untouchable, untouchable, untouchable)),
  ...methods("cards:read", new ListCardRanges(untouchable, { now: () => new Date(0) })),
  "WatchOrders.watch": ["cards:read", (caller) => new WatchOrders(untouchable).watch(caller, { orderNo: "1" })],
  "CreateVirtualCard.execute": [
    "cards:write",
    (caller) => new CreateVirtualCard(untouchable).execute(untouchable, caller),
  ],
  "RevealCard.execute": ["cards:reveal", (caller) => new RevealCard(untouchable).execute(untouchable, caller)],
  ...methods("contacts:read", new CreateCardContact(untouchable)),
  "CreateCardContact.execute": [
    "contacts:write",
    (caller) => new CreateCardContact(untouchable).execute(untouchable, caller),
  ],
};

/** Every method of a service that takes the caller first: one that is new is in the table by itself. */
function methods(scope: Scope, service: object): typeof USES {
  const names = Object.getOwnPropertyNames(Object.getPrototypeOf(service)).filter((name) => name !== "constructor");
  const call = (name: string) => async (caller: Caller) =>
    (service as Record<string, (...args: unknown[]) => unknown>)[name]?.(caller, untouchable, untouchable);
  return Object.fromEntries(names.map((name) => [`${service.constructor.name}.${name}`, [scope, call(name)]]));
}

function callerWith(scopes: readonly Scope[]): Caller & ActingCaller {
  return { tenant: "tenant", scopes: new Set(scopes), actor: { subject: "key:tests", requestId: null } };
}

describe.each(Object.entries(USES))("%s", (_name, [scope, use]) => {
  it(`is refused before anything is touched without ${scope}, whatever else the caller may do`, async () => {
    const others = SCOPES.filter((other) => other !== scope);
    await expect(use(callerWith(others))).rejects.toEqual(new Forbidden(scope));
  });

  it(`goes on with ${scope} alone`, async () => {
    await expect(use(callerWith([scope]))).rejects.toThrow(TOUCHED);
  });
});
