import type { AccountReading, ConfigFault, Environment } from "../../domain/registration.js";
import { Secret } from "../../domain/secret.js";
import { isHeaderText } from "./text.js";

/** Everything that is needed to speak for one Prepaidify account. */
export interface PrepaidifyAccount {
  /** Scheme, host and optional path prefix. */
  readonly baseUrl: string;
  /** Public identifier of the account; goes out as `ach-access-key`. */
  readonly accessKey: string;
  /** Key of every signature, as raw text. */
  readonly secretKey: Secret<string>;
  /** Stands in where the caller gives no end user's address. */
  readonly defaultEmail: string | null;
  /** Path of the list of card ranges. */
  readonly cardRangesPath: string;
  /** Whether the query belongs to the path that we sign when we answer a reverse validation. */
  readonly reverseSignQuery: boolean;
  /** Whether the provider was seen to refuse a repeated `orderNo`; only then may an unclear order be sent again. */
  readonly dedupesOrders: boolean;
  /** The unguessable end of the address for events of the whole account; null: there is no such address. */
  readonly callbackToken: Secret<string> | null;
}

/** The variables that make an account; all of them or none. */
export const REQUIRED_VARIABLES = ["PREPAIDIFY_BASE_URL", "PREPAIDIFY_ACCESS_KEY", "PREPAIDIFY_SECRET_KEY"] as const;

/** The variables that change how an account is used. */
export const OPTIONAL_VARIABLES = [
  "PREPAIDIFY_DEFAULT_EMAIL",
  "PREPAIDIFY_CARD_RANGES_PATH",
  "PREPAIDIFY_REVERSE_SIGN_QUERY",
  "PREPAIDIFY_DEDUPES_ORDERS",
  "PREPAIDIFY_CALLBACK_TOKEN",
] as const;

type Variable = (typeof REQUIRED_VARIABLES)[number] | (typeof OPTIONAL_VARIABLES)[number];

/**
 * Assumed: the path, made from the upstream's `/open/api/v1/rest/card/vd/list` the way the path of the US states was.
 * The page "API For Fetching Usable Card Segments" could not be read. Guarded by prepaidify/config.test.ts.
 */
export const DEFAULT_CARD_RANGES_PATH = "/open/api/card/vd/list";

const RULES: Readonly<Record<Variable, { readonly rule: string; readonly holds: (value: string) => boolean }>> = {
  PREPAIDIFY_BASE_URL: {
    rule: "must be an http or https address without credentials, query or fragment",
    holds: isBaseUrl,
  },
  PREPAIDIFY_ACCESS_KEY: {
    rule: "must be 1 to 256 printable ASCII characters without spaces",
    holds: (value) => isHeaderText(value) && value.length <= 256,
  },
  PREPAIDIFY_SECRET_KEY: {
    rule: "must be 1 to 1024 characters without control characters and without blanks around it",
    holds: (value) => value.length <= 1024 && value.trim() === value && !/\p{Cc}/u.test(value),
  },
  PREPAIDIFY_DEFAULT_EMAIL: {
    rule: "must be an e-mail address of at most 254 ASCII characters",
    holds: (value) => isHeaderText(value) && value.length <= 254 && /^[^@]+@[^@]+$/.test(value),
  },
  PREPAIDIFY_CARD_RANGES_PATH: {
    rule: "must be a path that begins with a slash, without query, of at most 200 characters",
    holds: (value) => value.length <= 200 && /^(?:\/[A-Za-z0-9_.~-]+)+\/?$/.test(value),
  },
  PREPAIDIFY_REVERSE_SIGN_QUERY: { rule: "must be true or false", holds: isFlag },
  PREPAIDIFY_DEDUPES_ORDERS: { rule: "must be true or false", holds: isFlag },
  PREPAIDIFY_CALLBACK_TOKEN: {
    rule: "must be 16 to 64 letters, digits, hyphens or underscores",
    holds: (value) => /^[A-Za-z0-9_-]{16,64}$/.test(value),
  },
};

/**
 * The account in the environment. An empty variable counts as unset. None of the required ones set is `absent`, even
 * if optional ones are; otherwise every missing or bad variable is one fault, and no fault repeats a value.
 */
export function readAccount(env: Environment): AccountReading<PrepaidifyAccount> {
  const value = (name: Variable): string | null => env[name] || null;
  if (REQUIRED_VARIABLES.every((name) => value(name) === null)) return { kind: "absent" };
  const callbackToken = value("PREPAIDIFY_CALLBACK_TOKEN");
  const faults: ConfigFault[] = [];
  for (const name of [...REQUIRED_VARIABLES, ...OPTIONAL_VARIABLES]) {
    const text = value(name);
    const missing = text === null && (REQUIRED_VARIABLES as readonly string[]).includes(name);
    if (missing) faults.push({ name, rule: "is required as soon as another part of the account is set" });
    else if (text !== null && !RULES[name].holds(text)) faults.push({ name, rule: RULES[name].rule });
  }
  if (faults.length > 0) return { kind: "faulty", faults };
  return {
    kind: "present",
    account: {
      baseUrl: value("PREPAIDIFY_BASE_URL") ?? "",
      accessKey: value("PREPAIDIFY_ACCESS_KEY") ?? "",
      secretKey: new Secret(value("PREPAIDIFY_SECRET_KEY") ?? ""),
      defaultEmail: value("PREPAIDIFY_DEFAULT_EMAIL"),
      cardRangesPath: value("PREPAIDIFY_CARD_RANGES_PATH") ?? DEFAULT_CARD_RANGES_PATH,
      reverseSignQuery: value("PREPAIDIFY_REVERSE_SIGN_QUERY") !== "false",
      dedupesOrders: value("PREPAIDIFY_DEDUPES_ORDERS") === "true",
      callbackToken: callbackToken === null ? null : new Secret(callbackToken),
    },
  };
}

function isFlag(value: string): boolean {
  return value === "true" || value === "false";
}

function isBaseUrl(value: string): boolean {
  if (!URL.canParse(value) || /[?#\s]/.test(value)) return false;
  const { protocol, username, password } = new URL(value);
  return (protocol === "http:" || protocol === "https:") && username === "" && password === "";
}
