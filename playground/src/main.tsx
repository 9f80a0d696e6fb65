import "graphiql/setup-workers/vite";
import "@graphiql/react/font/roboto.css";
import "@graphiql/react/font/fira-code.css";
import "@graphiql/react/style.css";
import "@graphiql/plugin-doc-explorer/style.css";
import "@graphiql/plugin-history/style.css";
import "graphiql/graphiql.css";
import "./style.css";
import { GraphiQL, HISTORY_PLUGIN } from "graphiql";
import { createRoot } from "react-dom/client";
import { useEditorStyle } from "./editor-style.js";
import { fetcher } from "./fetcher.js";
import { GUIDE_PLUGIN } from "./guide.js";
import { PLAYGROUND_TABS, variablesText } from "./operations.js";
import { createPageStorage, readOpeningState } from "./page-storage.js";

const storage = createPageStorage(window.localStorage);
const { firstVisit, ...opening } = readOpeningState(storage);
const plugins = [HISTORY_PLUGIN, GUIDE_PLUGIN];
const defaultTabs = PLAYGROUND_TABS.map((tab) => ({ query: tab.query, variables: variablesText(tab), headers: "" }));

function EditorStyle() {
  useEditorStyle();
  return null;
}

const root = document.getElementById("playground");
if (root === null) throw new Error("The page has no #playground element.");
createRoot(root).render(
  <GraphiQL
    fetcher={fetcher}
    storage={storage}
    defaultTabs={defaultTabs}
    {...opening}
    plugins={plugins}
    visiblePlugin={firstVisit ? GUIDE_PLUGIN : undefined}
    defaultEditorToolsVisibility="variables"
  >
    <GraphiQL.Logo>{null}</GraphiQL.Logo>
    <EditorStyle />
  </GraphiQL>,
);
