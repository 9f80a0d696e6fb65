import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { ApolloGateway } from "@apollo/gateway";
import { ApolloServer } from "@apollo/server";
import { startStandaloneServer } from "@apollo/server/standalone";

/** A gateway that serves a supergraph on a loopback port. */
export interface Gateway {
  /** Without a path: GraphQL is at `/graphql`. */
  readonly url: string;
  close(): Promise<void>;
}

/** Starts Apollo's gateway of JavaScript. */
async function startApollo(supergraphSdl: string): Promise<Gateway> {
  const server = new ApolloServer({ gateway: new ApolloGateway({ supergraphSdl }), stopOnTerminationSignals: false });
  const { url } = await startStandaloneServer(server, { listen: { host: "127.0.0.1", port: 0 } });
  return { url: url.replace(/\/$/, ""), close: () => server.stop() };
}

/** How long Hive's gateway may take to start. */
const START_MS = 30_000;

/** Starts Hive's gateway as a process of its own, with the text of a configuration file where it has one. */
async function startHive(supergraphSdl: string, config?: string): Promise<Gateway> {
  const folder = mkdtempSync(join(tmpdir(), "cardgraph-gateway-"));
  const file = join(folder, "supergraph.graphql");
  writeFileSync(file, supergraphSdl);
  if (config !== undefined) writeFileSync(join(folder, "gateway.config.mjs"), config);
  const port = await freePort();
  const bin = join(import.meta.dirname, "../../node_modules/@graphql-hive/gateway/dist/bin.js");
  const args = [bin, "supergraph", file, "--host", "127.0.0.1", "--port", String(port)];
  const env = { PATH: process.env.PATH ?? "", NODE_ENV: "production" };
  const child = spawn(process.execPath, args, { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
  const exited = once(child, "exit");
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      output += chunk;
    });
  }
  const close = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
    await exited;
    rmSync(folder, { recursive: true, force: true });
  };
  const url = `http://127.0.0.1:${port}`;
  const endMs = performance.now() + START_MS;
  while (!(await answers(url))) {
    if (child.exitCode !== null || performance.now() > endMs) {
      await close();
      throw new Error(`the gateway did not start: ${output}`);
    }
    await pause(50);
  }
  return { url, close };
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/readiness`)).ok;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The gateways that the subgraph is tried behind. */
export const GATEWAYS = { apollo: startApollo, hive: startHive } as const;
