// Sends requests and checks every answer, in a process of its own.

import { Agent } from "node:http";
import { requests } from "../workloads/index.mjs";
import { ask } from "./asking.mjs";
import { answerParent } from "./child-program.mjs";
import { quantile } from "./statistics.mjs";

/** More than these under way at a steady rate, and the server does not keep up: the rest is not sent, and counted. */
const MAX_UNDER_WAY = 64;

/** Counts over all rounds, so that no two requests are the same where that matters. */
let sequence = 0;
const agent = new Agent({ keepAlive: true, maxSockets: MAX_UNDER_WAY, scheduling: "lifo" });

answerParent(async (job) => {
  const send = sender(job);
  const startedMs = performance.now();
  const counts =
    job.ratePerSecond === undefined ? await sendInTurns(job, send) : await sendSteadily(job, send, startedMs);
  const seconds = (performance.now() - startedMs) / 1000;
  const sorted = Float64Array.from(counts.latenciesMs).sort();
  return {
    count: sorted.length,
    unsent: counts.unsent,
    perSecond: sorted.length / seconds,
    p50Ms: quantile(sorted, 0.5),
    p99Ms: quantile(sorted, 0.99),
  };
});

/** As many requests at a time as the job says, each followed by the next; no fewer than `atLeast` within its bound. */
async function sendInTurns({ concurrency, durationMs, atLeast = 0, atMostMs = durationMs }, send) {
  const latenciesMs = [];
  const startedMs = performance.now();
  const turn = async () => {
    for (;;) {
      const elapsedMs = performance.now() - startedMs;
      if (elapsedMs >= durationMs && (latenciesMs.length >= atLeast || elapsedMs >= atMostMs)) return;
      latenciesMs.push(await send());
    }
  };
  await Promise.all(Array.from({ length: concurrency }, turn));
  return { latenciesMs, unsent: 0 };
}

/** So many requests a second, whether or not the ones before were answered. */
async function sendSteadily({ ratePerSecond, durationMs }, send, startedMs) {
  const latenciesMs = [];
  const total = Math.round((ratePerSecond * durationMs) / 1000);
  const underWay = new Set();
  let unsent = 0;
  let failure = null;
  for (let due = 0; due < total && failure === null; due += 1) {
    const waitMs = startedMs + (due * 1000) / ratePerSecond - performance.now();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    if (underWay.size >= MAX_UNDER_WAY) {
      unsent += 1;
      continue;
    }
    const sent = send()
      .then((latencyMs) => latenciesMs.push(latencyMs))
      .catch((error) => {
        failure ??= error;
      })
      .finally(() => underWay.delete(sent));
    underWay.add(sent);
  }
  await Promise.all(underWay);
  if (failure !== null) throw failure;
  return { latenciesMs, unsent };
}

/** Sends the job's next request and resolves with its latency; throws when the answer is not right. */
function sender({ name, urls, dialect, facts }) {
  const kind = requests[name];
  return async () => {
    sequence += 1;
    const { data, latencyMs, text } = await ask(
      { agent, url: urls[sequence % urls.length], dialect },
      kind,
      facts,
      sequence,
    );
    if (!data || !kind.check(data, facts)) throw new Error(`${name} was answered wrongly: ${text.slice(0, 300)}`);
    return latencyMs;
  };
}
