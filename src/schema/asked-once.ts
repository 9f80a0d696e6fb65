/**
 * The extension of a field that asks a provider: an answer to it is not asked for a second time to find out how exactly
 * the first one failed.
 */
export const ASKED_ONCE = "askedOnce";
