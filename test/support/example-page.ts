import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { preview } from "vite";

const CONFIG = "examples/web/vite.config.ts";

/** The example's page as it is built for production, served under its own strict policy. */
export interface ExamplePage {
  /** Address of the page, with a slash at the end. */
  readonly url: string;
  close(): Promise<void>;
}

/** Builds `examples/web` into a temporary folder and serves it, with `/graphql` passed on to a server. */
export async function serveExample(graphqlOrigin: string): Promise<ExamplePage> {
  const outDir = mkdtempSync(join(tmpdir(), "cardgraph-example-"));
  // In a process of its own: in this one NODE_ENV is "test", and React would be built for development.
  const vite = [
    "node_modules/vite/bin/vite.js",
    "build",
    "--config",
    CONFIG,
    "--outDir",
    outDir,
    "--logLevel",
    "error",
  ];
  await promisify(execFile)(process.execPath, vite, { env: { PATH: process.env.PATH } });
  const proxy = { "/graphql": graphqlOrigin };
  const served = await preview({ configFile: CONFIG, build: { outDir }, preview: { port: 0, open: false, proxy } });
  const [url] = served.resolvedUrls?.local ?? [];
  if (url === undefined) throw new Error("the example's page is served nowhere");
  return {
    url,
    close: async () => {
      await served.close();
      rmSync(outDir, { recursive: true, force: true });
    },
  };
}
