import { readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { CreateVirtualCardDocument } from "../generated/graphql.js";
import { accountsOf, type Cardgraph, startCardgraph } from "../support/cardgraph.js";
import { dataKeyText } from "../support/data-keys.js";
import { CUSTOMER, everyTable, input, livedIn, orderOf, PLANTED, run, settled } from "../support/planted-person.js";
import { type PostgresServer, startPostgres } from "../support/postgres.js";
import { freshDataDir } from "../support/template-database.js";

const [OLD, NEW] = [dataKeyText("old"), dataKeyText("new")];

/** Every file of a folder, write-ahead log included, as text with one character a byte. */
function everyFile(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1"))
    .join("\n");
}

let postgres: PostgresServer;
let servers: Cardgraph[] = [];
const start = async (env: Readonly<Record<string, string>>, dataDir?: string): Promise<Cardgraph> => {
  const server = await startCardgraph({ env: { RECONCILE_SCHEDULE_MS: "20", ...env }, ...(dataDir && { dataDir }) });
  servers.push(server);
  return server;
};
const stop = async (server: Cardgraph): Promise<void> => {
  servers = servers.filter((one) => one !== server);
  await server.close();
};
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(async () => {
  for (const server of servers) await server.close();
  await postgres?.close();
});

describe("personal data at rest", () => {
  it("are in no table of PostgreSQL in clear", async () => {
    const DATABASE_URL = await postgres.createDatabase();
    const server = await start({ DATABASE_URL, DATA_KEYS: OLD });
    await livedIn(server, "scan");
    const text = await everyTable(DATABASE_URL);
    expect(text).toContain(CUSTOMER);
    for (const planted of PLANTED) expect(text).not.toMatch(planted);
    expect(server.log.join("\n")).not.toContain("unsealed");
    await stop(server);
  });

  it("are in no file of the embedded database in clear, under a key of its own", async () => {
    const dataDir = freshDataDir(inject("templateDataDir"));
    const server = await start({}, dataDir);
    await livedIn(server, "scan");
    await stop(server);
    const text = everyFile(join(dataDir, "pg"));
    expect(text).toContain(CUSTOMER);
    for (const planted of PLANTED) expect(text).not.toMatch(planted);
    const file = join(dataDir, "data-key");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(text).not.toContain(readFileSync(file, "utf8").trim().split(":")[1]);

    const again = await start({ DATA_KEYS: NEW }, dataDir);
    expect((await orderOf(again, "scan"))?.card?.cardHolder).toMatchObject({ firstName: "Plantedfirst" });
    const held = await run({ DATA_DIR: dataDir, DATA_KEYS: NEW }, "reseal");
    expect(held).toMatchObject({
      code: 1,
      err: expect.stringContaining("another process is using this folder; stop it"),
    });
    await stop(again);
    expect(await run({ DATA_DIR: dataDir, DATA_KEYS: NEW }, "reseal")).toMatchObject({
      code: 0,
      out: expect.stringMatching(/Under key new: \d+ rows\.\nNothing is sealed under key local-[0-9a-f]{8} any more/),
    });
    rmSync(file);
    const without = await start({ DATA_KEYS: NEW }, dataDir);
    expect((await orderOf(without, "scan"))?.card?.cardHolder).toMatchObject({ firstName: "Plantedfirst" });
    await stop(without);
    await expect(start({}, dataDir)).rejects.toThrow(/sealed under data key new, which is not in DATA_KEYS/);
    rmSync(dataDir, { recursive: true, force: true });
  });

  it("may be in clear on PostgreSQL outside production, which is said once at the start", async () => {
    const server = await start({ DATABASE_URL: await postgres.createDatabase(), DATA_KEYS: "" });
    expect(server.log.filter((line) => line.includes("personal data are stored unsealed"))).toHaveLength(1);
    await stop(server);
  });
});

describe("another key", () => {
  let DATABASE_URL: string;
  beforeAll(async () => {
    DATABASE_URL = await postgres.createDatabase();
    const server = await start({ DATABASE_URL, DATA_KEYS: OLD });
    await livedIn(server, "rotated");
    await stop(server);
  });

  it.each([
    ["missing", { DATA_KEYS: "" }, /sealed under data key old, which is not in DATA_KEYS/],
    ["replaced", { DATA_KEYS: NEW }, /sealed under data key old, which is not in DATA_KEYS/],
    ["wrong", { DATA_KEYS: `old:${NEW.split(":")[1]}` }, /Data key old is not the one/],
  ])("that is %s keeps the server from starting, and says which", async (_name, env, message) => {
    await expect(start({ DATABASE_URL, ...env })).rejects.toThrow(message);
  });

  it("takes over while servers run, and nothing that was known before is forgotten", async () => {
    const [before, after] = [
      await start({ DATABASE_URL, DATA_KEYS: `${OLD},${NEW}` }),
      await start({ DATABASE_URL, DATA_KEYS: `${NEW},${OLD}` }),
    ];
    const env = { ...accountsOf(after.prepaidify, after.pagsmile), DATABASE_URL, AUTH: "none" };
    const load = Array.from({ length: 10 }, async (_, index) => {
      const server = index % 2 === 0 ? before : after;
      await server.ask(CreateVirtualCardDocument, { input: input(`load-${index}`) });
      await settled(server, `load-${index}`);
    });
    expect(await run({ ...env, DATA_KEYS: `${NEW},${OLD}` }, "reseal")).toMatchObject({ code: 0 });
    await Promise.all(load);
    await stop(before);
    const { out } = await run({ ...env, DATA_KEYS: `${NEW},${OLD}` }, "reseal");
    expect(out).toMatch(/Under key new: \d+ rows\.\nNothing is sealed under key old any more/);
    expect(out).not.toMatch(/In clear|Under key old/);
    await stop(after);

    const server = await start({ DATABASE_URL, DATA_KEYS: NEW });
    for (const orderNo of ["rotated", "load-0", "load-9"]) {
      expect((await orderOf(server, orderNo))?.card?.cardHolder).toMatchObject({ firstName: "Plantedfirst" });
      const same = await server.ask(CreateVirtualCardDocument, { input: input(orderNo) });
      expect(same.createVirtualCard).toMatchObject({ replayed: true, userErrors: [] });
      const other = input(orderNo, { email: "another.person@secret.example" });
      const { createVirtualCard } = await server.ask(CreateVirtualCardDocument, { input: other });
      expect(createVirtualCard.userErrors).toMatchObject([{ code: "IDEMPOTENCY_MISMATCH" }]);
    }
    expect(server.prepaidify.cards()).toEqual([]);
    await stop(server);
  });
});
