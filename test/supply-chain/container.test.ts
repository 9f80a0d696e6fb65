import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const LINES = readFileSync("Dockerfile", "utf8")
  .replace(/\\\n\s*/g, "")
  .split("\n")
  .filter((line) => /^[A-Z]/.test(line));
const linesOf = (instruction: string, lines = LINES) => lines.filter((line) => line.startsWith(`${instruction} `));
const LAST_STAGE = LINES.slice(LINES.findLastIndex((line) => line.startsWith("FROM ")));

describe("the container image", () => {
  it("is based on the very Node.js that the dependencies pin, in both stages", () => {
    const { dependencies } = JSON.parse(readFileSync("package.json", "utf8"));
    expect(linesOf("ARG")).toEqual([`ARG NODE_IMAGE=docker.io/library/node:${dependencies.node}-bookworm-slim`]);
    for (const line of linesOf("FROM")) expect(line).toMatch(/^FROM \$\{NODE_IMAGE\}( AS build)?$/);
  });

  it("runs as a user without rights, named by number so that an orchestrator can tell", () => {
    expect(linesOf("USER", LAST_STAGE)).toEqual(["USER 1000:1000"]);
    const afterUser = LAST_STAGE.slice(LAST_STAGE.indexOf("USER 1000:1000"));
    expect(linesOf("RUN", afterUser)).toEqual([]);
  });

  it("is in production mode, so that nothing is open that was not asked for", () => {
    expect(linesOf("ENV", LAST_STAGE)).toEqual(["ENV NODE_ENV=production HOST=0.0.0.0 PORT=4000 DATA_DIR=/data"]);
  });

  it("says whether it is well, and writes to one place alone", () => {
    expect(linesOf("HEALTHCHECK", LAST_STAGE)[0]).toContain("/health/ready");
    expect(linesOf("VOLUME", LAST_STAGE)).toEqual(["VOLUME /data"]);
  });

  it("takes no file from outside, and only such of this folder as are there and let in", () => {
    expect(linesOf("ADD")).toEqual([]);
    const copied = linesOf("COPY", LINES.slice(0, LINES.length - LAST_STAGE.length)).flatMap((line) =>
      line.split(" ").slice(1, -1),
    );
    const letIn = readFileSync(".dockerignore", "utf8").split("\n");
    expect(letIn.find((line) => !line.startsWith("#"))).toBe("*");
    for (const path of copied) {
      expect(existsSync(path), path).toBe(true);
      expect(letIn, path).toContain(`!${path}`);
    }
  });
});
