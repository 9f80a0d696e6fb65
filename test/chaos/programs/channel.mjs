/**
 * The program's side of a channel to its parent: answers each request with the method of that name, and ends with the
 * parent.
 * @param {Readonly<Record<string, (...args: any[]) => unknown>>} methods
 * @param {() => Promise<void>} [close] Runs before the process ends because the parent let go of it.
 */
export function answerParent(methods, close = async () => undefined) {
  process.on("message", async ({ id, name, args }) => {
    try {
      const method = methods[name];
      if (!method) throw new Error(`there is no ${name}`);
      reply({ id, result: await method(...args) });
    } catch (error) {
      reply({ id, error: error instanceof Error ? `${error.message}\n${error.stack}` : String(error) });
    }
  });
  process.on("disconnect", () => {
    close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  });
  // The terminal tells the whole group to stop; this process ends when its parent says so.
  process.on("SIGINT", () => undefined);
}

/** Tells the parent something that it did not ask for. */
export function announce(name, value) {
  reply({ announce: name, value });
}

function reply(message) {
  if (process.connected) process.send(message, () => undefined);
}
