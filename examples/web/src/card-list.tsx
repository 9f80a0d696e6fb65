import { type ReactNode, useEffect, useState } from "react";
import { useQuery } from "urql";
import { CardFace } from "./card-face.js";
import { graphql } from "./generated/index.js";
import { problemOf } from "./problem.js";
import { ProblemNote } from "./problem-note.js";

const NewestCards = graphql(`
  query NewestCards($first: Int!, $after: String) {
    cards(first: $first, after: $after) {
      edges {
        node {
          id
          ...CardFace
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

const FIRST = 6;

interface ListProps {
  readonly locale: string;
  /** Another number than before: the list is read anew, and what it shows stays until then. */
  readonly edition: number;
}

/** The newest cards, a stretch at a time. */
export function CardList(props: ListProps): ReactNode {
  return (
    <ul className="cards">
      <Stretch after={null} {...props} />
    </ul>
  );
}

/** One stretch of the list, and once the person asks for it the one after: a cursor stays good as cards are added. */
function Stretch({ after, ...props }: ListProps & { readonly after: string | null }): ReactNode {
  const { locale, edition } = props;
  const [wantsMore, setWantsMore] = useState(false);
  const [{ data, error }, askAgain] = useQuery({ query: NewestCards, variables: { first: FIRST, after } });
  useEffect(() => {
    if (edition > 0) askAgain({ requestPolicy: "network-only" });
  }, [edition, askAgain]);
  if (error) {
    return (
      <li className="wide">
        <ProblemNote problem={problemOf(error)} onRetry={() => askAgain({ requestPolicy: "network-only" })} />
      </li>
    );
  }
  if (!data) return <li className="wide quiet">Loading…</li>;
  const { edges, pageInfo } = data.cards;
  if (edges.length === 0 && after === null) return <li className="wide quiet">No card yet. The first one is yours.</li>;
  return (
    <>
      {edges.map(({ node }) => (
        <li key={node.id}>
          <CardFace card={node} locale={locale} />
        </li>
      ))}
      {wantsMore && <Stretch after={pageInfo.endCursor} {...props} />}
      {pageInfo.hasNextPage && !wantsMore && (
        <li className="wide">
          <button type="button" className="secondary" onClick={() => setWantsMore(true)}>
            More cards
          </button>
        </li>
      )}
    </>
  );
}
