import { type Attack, NOT_THERE, once, REFUSED, TAKEN } from "./callback-attacks.js";
import { event } from "./callback-stage.js";

/** Bodies that are no events. */
export const MISSHAPEN: readonly Attack[] = [
  ...[
    "",
    "{",
    "[]",
    "null",
    "7",
    '"text"',
    "\u0000",
    "{}",
    '{"eventType":{}}',
    "<xml/>",
    "a=b",
    "[".repeat(30_000),
  ].map(
    (body): Attack => [
      `that is ${JSON.stringify(body).slice(0, 20)}`,
      once(
        (stage) => stage.done.path,
        () => body,
      ),
      REFUSED,
    ],
  ),
  [
    "that is 65 kB",
    once(
      (stage) => stage.done.path,
      (stage) => event({ ...stage.done, note: "x".repeat(65_536) }),
    ),
    [413],
  ],
  [
    "that says it is shorter than it is",
    once(
      (stage) => stage.done.path,
      (stage) => `${event(stage.done).slice(0, 40)}`,
    ),
    REFUSED,
  ],
  ...["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "image/png"].map(
    (type): Attack => [
      `that says it is ${type}, and is a replay`,
      once(
        (stage) => stage.done.path,
        (stage) => event({ ...stage.done, status: "ACTIVE" }),
        { headers: { "content-type": type } },
      ),
      TAKEN,
    ],
  ),
  [
    "that is compressed, by its own word",
    once(
      (stage) => stage.done.path,
      (stage) => event(stage.done),
      { headers: { "content-encoding": "gzip" } },
    ),
    TAKEN,
  ],
  [
    "with a prototype in it",
    once(
      (stage) => stage.done.path,
      (stage) => `{"__proto__":{"polluted":1},"eventType":"CREATE_CARD","data":{"cardId":"${stage.done.cardId}"}}`,
    ),
    [200, 400],
  ],
];

/** Questions whether an order is being sent, of orders that are not. */
export const ASKED_BACK: readonly Attack[] = [
  "create",
  "deposit",
  "refund",
  "cancel",
  "CREATE",
  "create%00",
  "..%2fcreate",
].flatMap((operation): Attack[] => [
  [
    `${operation} of an order that is done`,
    async (stage) => [await stage.ask(operation, stage.done.orderNo)],
    NOT_THERE,
  ],
  [
    `${operation} of an order that is unclear`,
    async (stage) => [await stage.ask(operation, stage.unclear.orderNo)],
    NOT_THERE,
  ],
  [
    `${operation} of an order that there is not`,
    async (stage) => [await stage.ask(operation, "never-placed")],
    NOT_THERE,
  ],
  [
    `${operation} of everything`,
    async (stage) => [await stage.ask(operation, "%25"), await stage.ask(operation, "'%20or%20'1'='1")],
    NOT_THERE,
  ],
]);
