/** Path without anything that one server may read in another way than the next, such as an encoded slash. */
const PLAIN_PATH = /^[\w.~/-]*$/;

/** Whether a text may stand for the addresses below it: http or https, a host, and no more than a plain path. */
export function isCallbackPrefix(text: string): boolean {
  return plainUrl(text) !== null;
}

/** The addresses that subscriptions may be sent to: those that lie below one that the operator has named. */
export class CallbackAddresses {
  readonly #prefixes: readonly { readonly origin: string; readonly path: string }[];

  /** Each prefix has to be one of {@link isCallbackPrefix}. */
  constructor(prefixes: readonly string[]) {
    this.#prefixes = prefixes.map((prefix) => {
      const { origin, pathname } = new URL(prefix);
      return { origin, path: asFolder(pathname) };
    });
  }

  /** The address in the spelling that was checked, which is the one to be called; null when it is not allowed. */
  allowed(address: string): string | null {
    const url = plainUrl(address);
    if (!url) return null;
    const path = asFolder(url.pathname);
    const lies = this.#prefixes.some((prefix) => prefix.origin === url.origin && path.startsWith(prefix.path));
    return lies ? url.href : null;
  }
}

/** `URL` has brought dots and backslashes in the path, and numbers in the host, to one spelling. */
function plainUrl(text: string): URL | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol) || /[?#@\s]/.test(text)) return null;
  return PLAIN_PATH.test(url.pathname) ? url : null;
}

/** So that `/callback` stands for `/callback/1` and not for `/callback-of-others`. */
function asFolder(path: string): string {
  return path.endsWith("/") ? path : `${path}/`;
}
