import DataLoader from "dataloader";
import type { Loader } from "./context.js";

/** A loader over a query for many keys at once, whose rows may come in any order; made once it is first needed. */
export function createLoader<Key, Value>(
  read: (keys: readonly Key[]) => Promise<readonly Value[]>,
  keyOf: (value: Value) => Key,
): Loader<Key, Value> {
  let loader: DataLoader<Key, Value | null> | null = null;
  return {
    load: (key) => {
      loader ??= new DataLoader(async (keys) => {
        const byKey = new Map((await read(keys)).map((value) => [keyOf(value), value]));
        return keys.map((wanted) => byKey.get(wanted) ?? null);
      });
      return loader.load(key);
    },
  };
}
