import type { Storage as GraphiQLStorage } from "@graphiql/toolkit";
import { PLAYGROUND_TABS, variablesText } from "./operations.js";

const PREFIX = "cardgraph:";
// GraphiQL's own name for what it keeps about tabs, its prefix included.
const TABS_KEY = "graphiql:tabState";

/**
 * The browser's storage under a prefix of our own. Other GraphiQL pages that were once served from the same address,
 * as happens on localhost, keep theirs under the same names and would otherwise show up here.
 */
export function createPageStorage(storage: Storage): GraphiQLStorage {
  const ownKeys = () => Object.keys(storage).filter((key) => key.startsWith(PREFIX));
  return {
    getItem: (key) => storage.getItem(PREFIX + key),
    setItem: (key, value) => storage.setItem(PREFIX + key, value),
    removeItem: (key) => storage.removeItem(PREFIX + key),
    clear: () => {
      for (const key of ownKeys()) storage.removeItem(key);
    },
    get length() {
      return ownKeys().length;
    },
  };
}

/** What GraphiQL is told to open with. */
export interface OpeningState {
  /** True when this browser has no tabs of an earlier visit. */
  readonly firstVisit: boolean;
  readonly initialQuery: string;
  readonly initialVariables: string;
  readonly initialHeaders: string | undefined;
}

/**
 * What the active tab has in its editors: the first ready tab on a first visit, the tab that was left active on a
 * later one. GraphiQL fills its editors from values that it keeps apart from the tabs, and where those are missing it
 * shows the tab without its variables, or opens another one beside it. Told the tab's own values, it does neither.
 */
export function readOpeningState(storage: GraphiQLStorage): OpeningState {
  const active = readActiveTab(storage.getItem(TABS_KEY));
  if (active !== null) return { firstVisit: false, ...active, initialHeaders: undefined };
  const first = PLAYGROUND_TABS[0];
  return {
    firstVisit: true,
    initialQuery: first?.query ?? "",
    initialVariables: first === undefined ? "" : variablesText(first),
    initialHeaders: "",
  };
}

function readActiveTab(stored: string | null): Pick<OpeningState, "initialQuery" | "initialVariables"> | null {
  if (stored === null) return null;
  try {
    const { tabs, activeTabIndex } = JSON.parse(stored);
    const { query, variables } = tabs[activeTabIndex];
    return { initialQuery: query ?? "", initialVariables: variables ?? "" };
  } catch {
    // Unreadable: GraphiQL falls back to the ready tabs as well.
    return null;
  }
}
