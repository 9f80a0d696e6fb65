import { Agent, request } from "node:http";
import { WebSocket } from "ws";
import { answerParent } from "./channel.mjs";

const DOCUMENT = "subscription ($orderNo: String!) { cardOrderUpdated(orderNo: $orderNo) { state card { status } } }";
/** Subscriptions that are being opened at once. */
const OPENING = 40;

/** A connection of its own for every subscriber, as for as many browsers. */
const agent = new Agent({ keepAlive: false, maxSockets: Number.POSITIVE_INFINITY });

/** What each subscriber has seen: the card's states, in order. */
const seen = [];
let broken = 0;
let shown = 0;
/** When somebody was last shown something, in milliseconds since 1970. */
let lastShownAtMs = 0;

/** Many clients in one process: each follows one order, and remembers what it was shown. */
answerParent({
  /** Resolves when every subscriber has been shown the present state. */
  open: async ({ url, transport, orderNos, count }) => {
    const open = transport === "SSE" ? openSse : openSocket;
    let next = 0;
    const lane = async () => {
      while (next < count) {
        const orderNo = orderNos[next++ % orderNos.length];
        const states = [];
        seen.push(states);
        await new Promise((resolve) =>
          open(url, orderNo, (status) => {
            shown += 1;
            lastShownAtMs = Date.now();
            resolve(states.push(status));
          }),
        );
      }
    };
    await Promise.all(Array.from({ length: OPENING }, lane));
  },
  /** How often each sequence of states was seen, how often and when last, and how many connections broke. */
  seen: () => {
    const counts = {};
    for (const states of seen) counts[states.join(" ")] = (counts[states.join(" ")] ?? 0) + 1;
    return { counts, shown, lastShownAtMs, broken };
  },
});

function openSse(url, orderNo, show) {
  const headers = { accept: "text/event-stream", "content-type": "application/json" };
  const outgoing = request(`${url}/graphql`, { method: "POST", headers, agent }, (answer) => {
    let rest = "";
    answer.setEncoding("utf8").on("data", (text) => {
      const events = (rest + text).split("\n\n");
      rest = events.pop() ?? "";
      for (const event of events) {
        const data = /^data: ?(.+)$/m.exec(event)?.[1];
        if (/^event: ?next$/m.test(event) && data) show(statusOf(JSON.parse(data)));
      }
    });
    answer.on("close", lost);
  });
  outgoing.on("error", lost);
  outgoing.end(JSON.stringify({ query: DOCUMENT, variables: { orderNo } }));
}

function openSocket(url, orderNo, show) {
  const socket = new WebSocket(`${url.replace("http", "ws")}/graphql`, "graphql-transport-ws");
  socket.on("open", () => socket.send('{"type":"connection_init"}'));
  socket.on("message", (text) => {
    const { type, payload } = JSON.parse(text);
    if (type === "connection_ack") {
      socket.send(JSON.stringify({ id: "1", type: "subscribe", payload: { query: DOCUMENT, variables: { orderNo } } }));
    } else if (type === "ping") socket.send('{"type":"pong"}');
    else if (type === "next") show(statusOf(payload));
    else lost();
  });
  socket.on("error", lost);
  socket.on("close", lost);
}

function statusOf({ data, errors }) {
  return data?.cardOrderUpdated?.card?.status ?? JSON.stringify(errors ?? data);
}

function lost() {
  broken += 1;
}
