import { createHmac, randomBytes } from "node:crypto";
import { type CallbackStage, event } from "./callback-stage.js";

/** One attack: what is sent, and how it may be answered. */
export type Attack = readonly [
  name: string,
  carryOut: (stage: CallbackStage) => Promise<readonly Response[]>,
  statuses: readonly number[],
];
/** Statuses of what is taken, of what is refused for its shape, and of what has no such address. */
export const [TAKEN, REFUSED, NOT_THERE] = [[200], [400], [400, 404, 414]];
/** Posts one body to one address. */
export const once =
  (pathOf: (stage: CallbackStage) => string, bodyOf: (stage: CallbackStage) => string, init: RequestInit = {}) =>
  async (stage: CallbackStage): Promise<readonly Response[]> => [
    await stage.send(pathOf(stage), { body: bodyOf(stage), ...init }),
  ];

/** Events that say what is not so. */
export const FORGED: readonly Attack[] = [
  ...["ACTIVE", "CREATE_CARD_FAILED_REFUND", "CANCELED", "DELETED", "EXPIRED", "FREEZE", "NONSENSE"].map(
    (status): Attack => [
      `that says ${status} of a card that is opening`,
      once(
        (stage) => stage.opening.path,
        (stage) => event({ ...stage.opening, status, deposit: 999_999, last4: "6666" }),
      ),
      TAKEN,
    ],
  ),
  ...["CARD_REFUND", "CARD_CLOSED", "DEPOSIT", "REFUND", "CANCEL", "FREEZE_CARD", "x"].map(
    (type): Attack => [
      `of the kind ${type} for an open card`,
      once(
        (stage) => stage.done.path,
        (stage) => event({ ...stage.done, status: "DELETED" }, type),
      ),
      TAKEN,
    ],
  ),
  [
    "that gives an unclear order another order's card",
    once(
      (stage) => stage.unclear.path,
      (stage) => event({ orderNo: stage.unclear.orderNo, cardId: stage.done.cardId }),
    ),
    TAKEN,
  ],
  [
    "that gives an unclear order a card that there is not",
    once(
      (stage) => stage.unclear.path,
      (stage) => event({ orderNo: stage.unclear.orderNo, cardId: "c_made_up" }),
    ),
    TAKEN,
  ],
  [
    "that says an unclear order has failed",
    once(
      (stage) => stage.unclear.path,
      (stage) => event({ orderNo: stage.unclear.orderNo, cardId: "c_x", status: "CREATE_CARD_FAILED_REFUND" }),
    ),
    TAKEN,
  ],
  [
    "of another order at an order's address",
    once(
      (stage) => stage.unclear.path,
      (stage) => event({ orderNo: stage.done.orderNo, cardId: stage.done.cardId }),
    ),
    TAKEN,
  ],
  [
    "of an order that there is not",
    once(
      (stage) => stage.done.path,
      (stage) => event({ orderNo: "never", cardId: stage.done.cardId }),
    ),
    TAKEN,
  ],
  [
    "with a signature that is made up",
    once(
      (stage) => stage.opening.path,
      (stage) => event({ ...stage.opening, status: "ACTIVE" }),
      {
        headers: {
          "ach-access-sign": "x",
          "ach-access-timestamp": "1",
          "ach-access-key": "sbx_guessed",
        },
      },
    ),
    TAKEN,
  ],
  [
    "with a signature by the secret of somebody else",
    async (stage) => {
      const body = event({ ...stage.opening, status: "ACTIVE" });
      const signature = createHmac("sha256", "another-secret")
        .update(`1POST${stage.opening.path}${body}`)
        .digest("base64");
      return [
        await stage.send(stage.opening.path, {
          body,
          headers: { "ach-access-sign": signature, "ach-access-timestamp": "1" },
        }),
      ];
    },
    TAKEN,
  ],
];

/** Events that came before. */
export const REPLAYED: readonly Attack[] = [
  [
    "one event twenty times",
    async (stage) => {
      const body = event({ ...stage.done, status: "ACTIVE" }, "CREATE_CARD", "ev_the_same");
      return Promise.all(Array.from({ length: 20 }, () => stage.send(stage.done.path, { body })));
    },
    TAKEN,
  ],
  [
    "an event of an earlier stage twenty times, each new",
    async (stage) =>
      Promise.all(
        Array.from({ length: 20 }, () =>
          stage.send(stage.done.path, { body: event({ ...stage.done, status: "INIT" }) }),
        ),
      ),
    TAKEN,
  ],
  [
    "an order's event at another order's address",
    once(
      (stage) => stage.opening.path,
      (stage) => event({ ...stage.done, status: "ACTIVE" }, "CREATE_CARD", "ev_the_same"),
    ),
    TAKEN,
  ],
];

/** Events to addresses that are none, or by other methods. */
export const MISDIRECTED: readonly Attack[] = [
  ...["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"].map(
    (method): Attack => [`by ${method}`, async (stage) => [await stage.send(stage.done.path, { method })], NOT_THERE],
  ),
  [
    "by POST where the provider asks back",
    async (stage) => [await stage.send(`/callbacks/prepaidify/validate/create?orderNo=${stage.done.orderNo}`)],
    NOT_THERE,
  ],
  ...["a token of the right shape", "another of them"].map(
    (name): Attack => [
      `to ${name}`,
      once(
        () => `/callbacks/prepaidify/events/${randomBytes(18).toString("base64url")}`,
        (stage) => event(stage.done),
      ),
      NOT_THERE,
    ],
  ),
  [
    "to a token that lacks its end",
    once(
      (stage) => stage.done.path.slice(0, -1),
      (stage) => event(stage.done),
    ),
    NOT_THERE,
  ],
  [
    "to a token with one letter more",
    once(
      (stage) => `${stage.done.path}A`,
      (stage) => event(stage.done),
    ),
    NOT_THERE,
  ],
  [
    "to a token with one letter changed",
    once(
      (stage) => stage.done.path.slice(0, -1) + (stage.done.path.endsWith("A") ? "B" : "A"),
      (stage) => event(stage.done),
    ),
    NOT_THERE,
  ],
  [
    "to a token in other letters",
    once(
      (stage) => stage.done.path.replace(/[^/]+$/, (token) => swapped(token)),
      (stage) => event(stage.done),
    ),
    NOT_THERE,
  ],
  [
    "to a token with a blank",
    once(
      (stage) => `${stage.done.path}%20`,
      (stage) => event(stage.done),
    ),
    NOT_THERE,
  ],
  [
    "to a token with a NUL",
    once(
      (stage) => `${stage.done.path}%00`,
      (stage) => event(stage.done),
    ),
    NOT_THERE,
  ],
  [
    "to a pattern for every token",
    once(
      () => "/callbacks/prepaidify/events/%25",
      (stage) => event(stage.done),
    ),
    NOT_THERE,
  ],
  [
    "to a token that is SQL",
    once(
      () => "/callbacks/prepaidify/events/'%20or%20'1'='1",
      (stage) => event(stage.done),
    ),
    NOT_THERE,
  ],
  [
    "to an order number for a token",
    once(
      (stage) => `/callbacks/prepaidify/events/${stage.done.orderNo}`,
      (stage) => event(stage.done),
    ),
    NOT_THERE,
  ],
  [
    "to a token of 300 letters",
    once(
      () => `/callbacks/prepaidify/events/${"a".repeat(300)}`,
      (stage) => event(stage.done),
    ),
    NOT_THERE,
  ],
  [
    "to the other provider's address",
    once(
      (stage) => stage.done.path.replace("prepaidify", "pagsmile"),
      (stage) => event(stage.done),
    ),
    NOT_THERE,
  ],
  [
    "to an order's address at GraphQL's",
    once(
      () => "/graphql/callbacks/prepaidify/events/x",
      (stage) => event(stage.done),
    ),
    NOT_THERE,
  ],
];

const swapped = (token: string): string =>
  token.replace(/[a-z]/gi, (letter) => (letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase()));
