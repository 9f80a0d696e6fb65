import { type GraphiQLPlugin, useGraphiQL, useGraphiQLActions } from "@graphiql/react";
import { EXPERIMENTS, type Experiment } from "./experiments.js";
import { Logo } from "./logo.js";
import { PLAYGROUND_TABS } from "./operations.js";
import { ProviderModes, useProviderModes } from "./provider-modes.js";

/** The panel that welcomes a first visitor: what this is, what to run, and which values make something happen. */
export const GUIDE_PLUGIN: GraphiQLPlugin = {
  title: "Guide",
  icon: () => <Logo size={22} />,
  content: Guide,
};

function Guide() {
  const providers = useProviderModes();
  // To a live provider a value that is magic to a sandbox is an ordinary order, so it has to be known that none is.
  const isSandbox = providers.length > 0 && providers.every(({ mode }) => mode === "SANDBOX");
  const experiments = EXPERIMENTS.filter(({ sandboxOnly }) => isSandbox || !sandboxOnly);
  return (
    <div className="cardgraph-guide">
      <header>
        <Logo size={40} />
        <div>
          <h1>Cardgraph</h1>
          <p>Virtual cards, one typed graph.</p>
        </div>
      </header>
      <ProviderModes providers={providers} />
      <h2>Run, one after the other</h2>
      <ol>
        {PLAYGROUND_TABS.map(({ operationName, title }) => (
          <li key={operationName}>
            <TabLink operationName={operationName}>{title}</TabLink>
          </li>
        ))}
      </ol>
      <h2>Then try</h2>
      <dl>
        {experiments.map((experiment) => (
          <ExperimentEntry key={experiment.outcome} {...experiment} />
        ))}
      </dl>
      <footer>
        <kbd>Ctrl</kbd> <kbd>Enter</kbd> runs a tab. Your edits stay in this browser.
      </footer>
    </div>
  );
}

function ExperimentEntry({ operationName, input, value, outcome, sandboxOnly }: Experiment) {
  return (
    <>
      <dt>
        <TabLink operationName={operationName}>
          {input === null ? `${operationName}, twice` : <code>{`${input}: ${value}`}</code>}
        </TabLink>
        {sandboxOnly && <span className="cardgraph-mode">sandbox</span>}
      </dt>
      <dd>{outcome}</dd>
    </>
  );
}

/** Brings the tab of an operation to the front, or opens it again after it was closed. */
function TabLink({ operationName, children }: { readonly operationName: string; readonly children: React.ReactNode }) {
  const open = useOpenTab();
  return (
    <button type="button" onClick={() => open(operationName)}>
      {children}
    </button>
  );
}

function useOpenTab(): (operationName: string) => void {
  const { addTab, changeTab } = useGraphiQLActions();
  const tabs = useGraphiQL((state) => state.tabs);
  const queryEditor = useGraphiQL((state) => state.queryEditor);
  const variableEditor = useGraphiQL((state) => state.variableEditor);
  return (operationName) => {
    const index = tabs.findIndex((tab) => tab.title === operationName);
    if (index >= 0) return changeTab(index);
    const ready = PLAYGROUND_TABS.find((tab) => tab.operationName === operationName);
    if (ready === undefined) return;
    addTab();
    queryEditor?.setValue(ready.query);
    variableEditor?.setValue(JSON.stringify(ready.variables, null, 2));
  };
}
