import { setTimeout as pause } from "node:timers/promises";
import { chanceOf } from "../seeded.mjs";
import { judgeWorld, settle } from "../settle.mjs";
import { storm } from "../storm.mjs";
import { SETTLE_MS } from "./matrix.mjs";

/** How long a server lives between two kills, in milliseconds. */
const LEAST_LIFE_MS = 150;
const MOST_LIFE_MS = 1_800;
/** More than can be sent between the kills: the last kill ends the storm. */
const ENDLESS = 100_000;

/**
 * kill -9 at random moments of a storm, with every fault of the provider besides.
 * @param {import("../context.mjs").Context} context
 * @param {{ database: "postgres" | "embedded", dedupes: boolean }} options
 */
export async function runRandomKills(context, { database, dedupes }) {
  const { seed, plan } = context;
  const chance = chanceOf(seed, `kills ${database}`);
  return context.withDatabase(database, async (place) => {
    const world = await context.openWorld({ database: place, dedupes });
    const sent = new Map();
    const over = new AbortController();
    try {
      const orderNos = Array.from({ length: ENDLESS }, (_, index) => `r${database[0]}-${index}`);
      const concurrency = plan.concurrency[database];
      const { servers, slots } = world;
      const stormed = storm({ seed, orderNos, concurrency, servers, sent, signal: over.signal });
      const onProgress = context.progress(plan.randomKills, "kills");
      for (let kill = 1; kill <= plan.randomKills; kill += 1) {
        await pause(chance.integer(LEAST_LIFE_MS, MOST_LIFE_MS));
        await slots[0].kill();
        await slots[0].start();
        onProgress(kill);
      }
      over.abort("enough");
      await stormed;
      const begun = [...sent.keys()];
      const settled = context.progress(begun.length, "settled");
      const seen = await settle({ servers, orderNos: begun, withinMs: SETTLE_MS, onProgress: settled });
      const judged = await judgeWorld(world, sent, seen);
      return {
        orders: begun.length,
        database,
        kills: plan.randomKills,
        crashes: world.crashes,
        note: `${plan.randomKills} kills`,
        ...judged,
      };
    } finally {
      over.abort("over");
      await world.close();
    }
  });
}
