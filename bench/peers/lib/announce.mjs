/**
 * Says where the server listens, and closes it when it is told to end.
 * @param {string} url
 * @param {() => Promise<unknown>} close
 */
export function announce(url, close) {
  process.stdout.write(`${url}/graphql\n`);
  process.once("SIGTERM", () => close().then(() => process.exit(0)));
}
