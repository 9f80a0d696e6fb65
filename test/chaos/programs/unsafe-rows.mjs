import { PGlite } from "@electric-sql/pglite";
import { announce, answerParent } from "./channel.mjs";

/** The control of the power losses: rows in the embedded database as its library ships it, with fsync off. */
const pglite = await PGlite.create(process.env.DATA_DIR);
await pglite.exec("create table if not exists promised (id integer primary key, filling text not null)");
answerParent({
  rows: async () => (await pglite.query("select id from promised")).rows.map(({ id }) => id),
  insert: async (id) => {
    await pglite.query("insert into promised values ($1, $2)", [id, "x".repeat(200)]);
    return id;
  },
});
announce("listening", true);
