import type { Client as StreamClient } from "graphql-sse";
import { type ReactNode, useCallback, useState } from "react";
import { useQuery } from "urql";
import { CardList } from "./card-list.js";
import { graphql } from "./generated/index.js";
import { IssuePanel } from "./issue-panel.js";
import type { OrderNumber } from "./order-number.js";

const ProviderModes = graphql(`
  query ProviderModes {
    providers {
      name
      mode
    }
  }
`);

/** The page: order a card, follow it, and see the newest ones. */
export function App(props: {
  readonly orderNumber: OrderNumber;
  readonly streams: StreamClient;
  readonly locale: string;
}): ReactNode {
  const { orderNumber, streams, locale } = props;
  const [edition, setEdition] = useState(0);
  const readAnew = useCallback(() => setEdition((last) => last + 1), []);
  const [{ data }] = useQuery({ query: ProviderModes });
  const isSandbox = data?.providers.every(({ mode }) => mode === "SANDBOX") ?? false;
  return (
    <>
      <header className="top">
        <h1>Issue a card</h1>
        {isSandbox && <span className="badge">Sandbox: no money moves</span>}
      </header>
      <main>
        <section className="panel" aria-label="New card">
          <IssuePanel orderNumber={orderNumber} streams={streams} locale={locale} onNews={readAnew} />
        </section>
        <section aria-labelledby="newest">
          <h2 id="newest">Newest cards</h2>
          <CardList edition={edition} locale={locale} />
        </section>
      </main>
    </>
  );
}
