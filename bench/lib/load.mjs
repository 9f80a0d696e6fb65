// Sends requests and checks every answer, in a process of its own.

import { Agent, request as httpRequest } from "node:http";
import { requests } from "../workloads/index.mjs";
import { answerParent } from "./child-program.mjs";
import { quantile } from "./statistics.mjs";

const REQUEST_TIMEOUT_MS = 10_000;
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

/** As many requests at a time as the job says, each followed by the next. */
async function sendInTurns({ concurrency, durationMs }, send) {
  const latenciesMs = [];
  const endMs = performance.now() + durationMs;
  const turn = async () => {
    while (performance.now() < endMs) latenciesMs.push(await send());
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
function sender({ name, url, facts }) {
  const { bodyOf, check } = requests[name];
  const { hostname, port, pathname } = new URL(url);
  return async () => {
    sequence += 1;
    const body = JSON.stringify(bodyOf(facts, sequence));
    const sentMs = performance.now();
    const answer = await post({ agent, hostname, port, path: pathname }, body);
    const latencyMs = performance.now() - sentMs;
    checkAnswer(name, answer, (data) => check(data, facts));
    return latencyMs;
  };
}

function checkAnswer(name, { status, text }, check) {
  const { data, errors } = status === 200 ? JSON.parse(text) : {};
  if (!data || errors || !check(data))
    throw new Error(`${name} was answered wrongly (${status}): ${text.slice(0, 300)}`);
}

function post(target, body) {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
    const outgoing = httpRequest({ ...target, method: "POST", headers, timeout: REQUEST_TIMEOUT_MS }, (answer) => {
      const chunks = [];
      answer.on("data", (chunk) => chunks.push(chunk));
      answer.on("end", () => resolve({ status: answer.statusCode, text: Buffer.concat(chunks).toString("utf8") }));
      answer.on("error", reject);
    });
    outgoing.on("timeout", () => outgoing.destroy(new Error(`no answer in ${REQUEST_TIMEOUT_MS} ms`)));
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}
