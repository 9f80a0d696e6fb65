import { beforeAll, describe, expect, it } from "vitest";
import { systemIds } from "../../src/domain/ids.js";
import { PersonalDataUnreadable, UNSEALED } from "../../src/domain/personal-data.js";
import { unlockData } from "../../src/sealing/unlock.js";
import { ResealData } from "../../src/services/reseal-data.js";
import { SqlDataKeyStore } from "../../src/store/data-keys.js";
import { SqlResealStore } from "../../src/store/reseal.js";
import { dataKey, vaultOf } from "../support/data-keys.js";
import { described, fresh, newOrder, onEveryDatabase, orderAt, type Stores, storesOver } from "./stores.js";

const HOLDER = {
  providerCardHolderId: "holder-1",
  firstName: "Plantedfirst",
  lastName: "Plantedlast",
  holderName: "PLANTEDFIRST PLANTEDLAST",
  street: "Planted Street 1",
  city: "Plantedville",
  state: "Plantedstate",
  country: "BR",
  zipCode: "99999-planted",
};
const PERSON = {
  firstName: "Plantedfirst",
  lastName: "Plantedlast",
  mobile: "+5511912345678",
  email: "planted@person.example",
  language: "pt",
};
const REQUEST = {
  ...newOrder().request,
  cardHolder: { firstName: "Plantedfirst", lastName: "Plantedlast" },
  email: "planted@person.example",
};

const newContact = () => ({
  id: systemIds.cardContact(),
  tenant: "tenant-a",
  provider: "PAGSMILE" as const,
  idempotencyKey: fresh("key"),
  fingerprint: "fingerprint",
  request: PERSON,
  by: { subject: "key:tests", requestId: null },
});

/** An order with an open card, and a contact. */
async function everything(stores: Stores) {
  const order = await orderAt(stores, "SENDING", { request: REQUEST });
  const providerCardId = `prv-${order.orderNo}`;
  await stores.orders.apply(order.id, described(providerCardId, "ACTIVE", { cardHolder: HOLDER }));
  const contact = await stores.contacts.add(newContact(), "provider-contact-1");
  return { order, providerCardId, contact };
}

async function personOf(stores: Stores, { order, contact }: Awaited<ReturnType<typeof everything>>) {
  const [view] = await stores.orders.byIds("tenant-a", [order.id]);
  const { id: _, ...holder } = view?.card?.cardHolder ?? { id: null };
  const { cardHolder, email } = view?.order.request ?? REQUEST;
  return {
    request: { cardHolder, email },
    holder,
    contact: (await stores.contacts.byId("tenant-a", contact.id))?.request,
  };
}
const ALL = {
  request: { cardHolder: REQUEST.cardHolder, email: REQUEST.email },
  holder: HOLDER,
  contact: PERSON,
};

onEveryDatabase((stores) => {
  const under = (...ids: [string, ...string[]]): Stores =>
    storesOver(stores().config, stores().database, { vault: vaultOf(...ids) });
  const resealing = async (...ids: readonly string[]) => {
    const { db } = stores().database;
    const sealing = await unlockData(ids.map(dataKey), new SqlDataKeyStore(db));
    return { sealing, store: new SqlResealStore(db, sealing), reseal: new ResealData(new SqlResealStore(db, sealing)) };
  };
  const columnsOf = (id: string) => stores().rows(`select personal, fingerprint from card_orders where id = '${id}'`);

  describe("personal data", () => {
    it("are in no column in clear, and are read as they were written", async () => {
      const made = await everything(under("k1"));
      expect(await personOf(under("k1"), made)).toEqual(ALL);
      for (const table of ["card_orders", "card_holders", "cards", "card_contacts", "order_events", "audit_log"]) {
        const text = JSON.stringify(await stores().rows(`select * from ${table}`));
        expect(text).not.toMatch(/planted|12345678/i);
      }
    });

    it("of another row are refused", async () => {
      const [one, other] = [await everything(under("k1")), await everything(under("k1"))];
      await stores().rows(`update card_orders set personal = (
        select personal from card_orders where id = '${other.order.id}') where id = '${one.order.id}'`);
      const [view] = await under("k1").orders.byIds("tenant-a", [one.order.id]);
      expect(() => view?.order.request.email).toThrow(PersonalDataUnreadable);
      await stores().rows(`update card_orders set personal = null where id = '${one.order.id}'`);
    });

    it("that cannot be read keep nobody from reading and moving the order", async () => {
      const { order, providerCardId } = await everything(under("k1"));
      const others = under("k2");
      const closed = await others.orders.apply(
        order.id,
        described(providerCardId, "CANCELED", { cardHolder: { ...HOLDER, city: "Elsewhere" } }),
      );
      expect(closed).toMatchObject({ changed: true, card: { status: "CANCELED" } });
      const [view] = await others.orders.byIds("tenant-a", [order.id]);
      expect(view).toMatchObject({ order: { state: "COMPLETED", orderNo: order.orderNo } });
      expect(() => view?.order.request.email).toThrow(/sealed under data key k1, which DATA_KEYS does not hold/);
      expect(() => view?.card?.cardHolder.city).toThrow(PersonalDataUnreadable);
      // What could not be opened was not written over either.
      const [later] = await under("k1").orders.byIds("tenant-a", [order.id]);
      expect(later?.card?.cardHolder).toMatchObject({ city: HOLDER.city, street: HOLDER.street });
    });

    it("that cannot be read keep no other order from being taken up", async () => {
      const lost = await orderAt(under("k1"), "INTENT", { request: REQUEST });
      const fine = await orderAt(under("k2"), "INTENT", { request: REQUEST });
      await stores().rows(`update card_orders set next_at = now() - interval '1 second'
        where id in ('${lost.id}', '${fine.id}')`);
      const due = await under("k2").queue.claimDue([{ code: "PREPAIDIFY", mode: "LIVE" }], "under_way", 10, 60_000);
      const byId = new Map(due.map(({ order }) => [order.id, order]));
      expect(byId.get(fine.id)?.request.email).toBe(REQUEST.email);
      expect(byId.get(lost.id)?.state).toBe("INTENT");
    });
  });

  describe("rows of before", () => {
    let former: Awaited<ReturnType<typeof everything>>;
    beforeAll(async () => {
      former = await everything(storesOver(stores().config, stores().database, { vault: UNSEALED }));
      const { order, contact } = former;
      await stores().rows(`update card_orders set personal = null, holder_first_name = 'Plantedfirst',
        holder_last_name = 'Plantedlast', email = '${REQUEST.email}' where id = '${order.id}'`);
      await stores().rows(`update card_holders set personal = null, first_name = 'Plantedfirst',
        last_name = 'Plantedlast', holder_name = '${HOLDER.holderName}', street = '${HOLDER.street}',
        city = '${HOLDER.city}', state = '${HOLDER.state}', country = 'BR', zip_code = '${HOLDER.zipCode}'
        from cards where order_id = '${order.id}' and card_holders.id = card_holder_id`);
      await stores().rows(`update card_contacts set personal = null, first_name = 'Plantedfirst',
        last_name = 'Plantedlast', mobile = '${PERSON.mobile}', email = '${PERSON.email}', language = 'pt'
        where id = '${contact.id}'`);
    });

    it("are read as ever", async () => expect(await personOf(under("k1"), former)).toEqual(ALL));

    it("lose what stood in clear as soon as they are written again", async () => {
      const again = { cardHolder: { ...HOLDER, city: "Plantedborough" } };
      await under("k1").orders.apply(former.order.id, described(former.providerCardId, "FREEZE", again));
      const [row] = await stores().rows(`select card_holders.* from card_holders join cards on card_holder_id =
        card_holders.id where order_id = '${former.order.id}'`);
      expect(JSON.stringify(row)).not.toMatch(/planted/i);
      await under("k1").orders.apply(
        former.order.id,
        described(former.providerCardId, "ACTIVE", { cardHolder: HOLDER }),
      );
      expect(await personOf(under("k1"), former)).toEqual(ALL);
    });
  });

  describe("sealing anew", () => {
    it("leaves nothing in clear and nothing under the old key, and everything as it was", async () => {
      const made = [await everything(under("k1")), await everything(stores())];
      const keys = ["k2", "k1", "tests"];
      await (await resealing("k1", "tests")).reseal.run();
      const { reseal, sealing } = await resealing(...keys);
      const { unreadable, uses, unused, resealed } = await reseal.run();
      expect(resealed).toBeGreaterThan(6);
      expect(unused).toEqual(["k1", "tests"]);
      expect(unreadable).toBe(0);
      expect(uses.map(({ keyId }) => keyId)).toEqual(["k2"]);
      for (const one of made) expect(await personOf(under("k2"), one)).toEqual(ALL);
      for (const { order } of made) {
        const [row] = await columnsOf(order.id);
        expect(row?.personal).toMatch(/^v1\.k2\./);
        expect(row?.fingerprint).toBe(sealing.keyedFingerprint("fingerprint"));
      }
      expect(await reseal.run()).toMatchObject({ resealed: 0 });
    });

    it("passes over a row that is being written, and loses nothing of what is written", async () => {
      const made = await everything(under("k1"));
      const { store } = await resealing("k2", "k1", "tests");
      const before = made.order.id.slice(0, -1);
      await stores()
        .database.db.transaction()
        .execute(async (trx) => {
          await trx.selectFrom("card_orders").select("id").where("id", "=", made.order.id).forUpdate().execute();
          if (stores().config.kind === "postgres") {
            expect(await store.reseal("card_orders", before, 1)).toMatchObject({ resealed: 0 });
          }
        });
      expect(await store.reseal("card_orders", before, 1)).toMatchObject({ resealed: 1, last: made.order.id });
      expect(await personOf(under("k2", "k1"), made)).toEqual(ALL);
    });

    it("loses no card that is written at the same time, however often it is run", async () => {
      const made = await Promise.all(Array.from({ length: 8 }, () => everything(under("k1"))));
      const keys = ["k2", "k1", "tests"] as const;
      const writing = made.map(async ({ order, providerCardId }, index) => {
        const servers = [under("k1", "k2"), under("k2", "k1")];
        for (let round = 0; round < 6; round += 1) {
          const cardHolder = { ...HOLDER, city: `Plantedville ${index}-${round}` };
          const status = round % 2 === 0 ? "FREEZE" : "ACTIVE";
          await servers[round % 2]?.orders.apply(order.id, described(providerCardId, status, { cardHolder }));
        }
      });
      const { reseal } = await resealing(...keys);
      const sealing = async () => {
        for (let round = 0; round < 4; round += 1) await reseal.run();
      };
      await Promise.all([...writing, sealing()]);
      await reseal.run();
      for (const [index, one] of made.entries()) {
        const person = await personOf(under("k2"), one);
        expect(person).toEqual({ ...ALL, holder: { ...HOLDER, city: `Plantedville ${index}-5` } });
      }
    });
  });
});
