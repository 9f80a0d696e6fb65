// Builds the server into dist/ and the playground into dist/playground.
//
//   node scripts/build.mjs [--if-stale] [--quiet] [--only=server|playground]
//
// --if-stale builds only what is missing or was built from other sources than the present ones.

const [major] = process.versions.node.split(".").map(Number);
if (major < 24) {
  console.error(
    `Cardgraph needs Node 24; this is Node ${process.versions.node}.\n` +
      "npm scripts run on the Node 24 of the `node` package, which `npm ci` installs. If you installed with\n" +
      "--ignore-scripts it was left out: run `npm ci` again without that, or bring Node 24 yourself.",
  );
  process.exit(1);
}

// Loaded here and not at the top: older versions of Node lack some of it, and have to see the message above.
const { main } = await import("./build-steps.mjs");
await main(process.argv.slice(2));
