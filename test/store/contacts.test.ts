import { describe, expect, it } from "vitest";
import type { NewContact } from "../../src/domain/card-store.js";
import { systemIds } from "../../src/domain/ids.js";
import { fresh, onEveryDatabase } from "./stores.js";

function newContact(parts: Partial<NewContact> = {}): NewContact {
  return {
    id: systemIds.cardContact(),
    tenant: "tenant-a",
    provider: "PAGSMILE",
    idempotencyKey: fresh("key"),
    fingerprint: "fingerprint",
    by: { subject: "key:tests", requestId: null },
    request: {
      firstName: "Leon",
      lastName: "Smith",
      mobile: "+861234789999",
      email: "leon@person.example",
      language: null,
    },
    ...parts,
  };
}

onEveryDatabase((stores) => {
  const sending = async (parts: Partial<NewContact> = {}): Promise<NewContact> => {
    const contact = newContact(parts);
    await stores().contacts.place(contact);
    await stores().contacts.startSending(contact.id, 60_000);
    return contact;
  };
  const stateOf = async ({ tenant, idempotencyKey }: NewContact) =>
    (await stores().contacts.byKey(tenant, idempotencyKey ?? ""))?.state;

  describe("a contact with a key", () => {
    it("is an intent first, whole, and not to be read by its id", async () => {
      const contact = newContact();
      const { contact: placed, placed: isNew } = await stores().contacts.place(contact);
      const nothing = { state: "INTENT", failure: null, providerContactId: null, createdAt: expect.any(Date) };
      const { by: _, ...kept } = contact;
      expect([isNew, placed]).toEqual([true, { ...kept, ...nothing }]);
      expect(await stores().contacts.byId(contact.tenant, contact.id)).toBeNull();
    });

    it("gives the earlier one for the same key of the same tenant, whatever the input", async () => {
      const first = newContact();
      await stores().contacts.place(first);
      const again = newContact({ idempotencyKey: first.idempotencyKey, fingerprint: "another" });
      expect(await stores().contacts.place(again)).toMatchObject({
        placed: false,
        contact: { id: first.id, fingerprint: "fingerprint" },
      });
      const theirs = newContact({ idempotencyKey: first.idempotencyKey, tenant: "tenant-b" });
      expect(await stores().contacts.place(theirs)).toMatchObject({ placed: true, contact: { id: theirs.id } });
    });

    it("is placed once and begun once of ten times at once", async () => {
      const idempotencyKey = fresh("key");
      const ten = Array.from({ length: 10 });
      const all = await Promise.all(ten.map(() => stores().contacts.place(newContact({ idempotencyKey }))));
      expect(all.filter(({ placed }) => placed)).toHaveLength(1);
      const [one] = all;
      const begun = await Promise.all(ten.map(() => one && stores().contacts.startSending(one.contact.id, 60_000)));
      expect(begun.filter(Boolean)).toHaveLength(1);
    });

    it("is completed by the provider's answer, and then there to be read by its tenant only", async () => {
      const contact = await sending();
      const outcome = { kind: "created", providerContactId: "9007199254740993" } as const;
      const finished = await stores().contacts.finish(contact.id, outcome);
      expect(finished).toMatchObject({ state: "COMPLETED", providerContactId: "9007199254740993" });
      expect(await stores().contacts.byId(contact.tenant, contact.id)).toEqual(finished);
      expect(await stores().contacts.byId("tenant-b", contact.id)).toBeNull();
      expect(await stores().contacts.byKey("tenant-b", contact.idempotencyKey ?? "")).toBeNull();
    });

    it("keeps a refusal, with its code and field", async () => {
      const contact = await sending();
      const failure = { code: "PROVIDER_REJECTED", providerCode: "E001", field: ["mobile"] } as const;
      expect(await stores().contacts.finish(contact.id, { kind: "failed", failure })).toMatchObject({
        state: "FAILED",
        failure,
      });
    });

    it("may be sent again after a call of which no byte left, and not after an unclear one", async () => {
      const contact = await sending();
      await stores().contacts.finish(contact.id, { kind: "not_sent" });
      expect(await stores().contacts.startSending(contact.id, 60_000)).toBe(true);
      await stores().contacts.finish(contact.id, { kind: "unclear" });
      expect(await stores().contacts.startSending(contact.id, 60_000)).toBe(false);
      expect(await stateOf(contact)).toBe("UNCONFIRMED");
    });

    it("is unconfirmed once whoever was sending it must be dead", async () => {
      const contact = await sending();
      expect(await stateOf(contact)).toBe("SENDING");
      await stores().rows(
        `update card_contacts set lease_until = now() - interval '1 second' where id = '${contact.id}'`,
      );
      expect(await stateOf(contact)).toBe("UNCONFIRMED");
      expect(await stores().contacts.startSending(contact.id, 60_000)).toBe(false);
    });

    it("cannot be finished twice, nor before it was sent", async () => {
      const contact = newContact();
      await stores().contacts.place(contact);
      const outcome = { kind: "created", providerContactId: "1" } as const;
      await expect(stores().contacts.finish(contact.id, outcome)).rejects.toThrow("not being sent");
      await stores().contacts.startSending(contact.id, 60_000);
      await stores().contacts.finish(contact.id, outcome);
      await expect(stores().contacts.finish(contact.id, { kind: "unclear" })).rejects.toThrow("not being sent");
    });
  });

  it("a contact without a key is one row, made at once, as often as it is asked for", async () => {
    const [one, two] = [newContact({ idempotencyKey: null }), newContact({ idempotencyKey: null })];
    for (const contact of [one, two]) {
      const added = await stores().contacts.add(contact, "provider-1");
      expect(added).toMatchObject({ state: "COMPLETED", providerContactId: "provider-1", idempotencyKey: null });
      expect(await stores().contacts.byId(contact.tenant, contact.id)).toEqual(added);
    }
  });

  it("contacts are found by their ids: those of the tenant that the provider has made", async () => {
    const made = [newContact({ idempotencyKey: null }), newContact({ idempotencyKey: null })];
    for (const contact of made) await stores().contacts.add(contact, "provider-1");
    const placed = newContact();
    await stores().contacts.place(placed);
    const ids = [...made, placed, ...made].map(({ id }) => id);
    const found = await stores().contacts.byIds(placed.tenant, ids);
    expect(found.map(({ id }) => id).sort()).toEqual(made.map(({ id }) => id).sort());
    expect(await stores().contacts.byIds("tenant-b", ids)).toEqual([]);
  });
});
