import { open, readFile, rename, rm } from "node:fs/promises";

/** What a file holds, without blanks around it; null: there is none. Throws when it cannot be read. */
export async function textOf(path: string): Promise<string | null> {
  try {
    return (await readFile(path, "utf8")).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/**
 * Keeps a secret in a file that its owner alone may read. Written through before it gets its name, so that a power loss
 * leaves a whole secret or none.
 */
export async function keep(path: string, secret: string): Promise<void> {
  const unfinished = `${path}.unfinished`;
  await rm(unfinished, { force: true });
  const file = await open(unfinished, "wx", 0o600);
  try {
    await file.writeFile(`${secret}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(unfinished, path);
}
