import type { ReactNode } from "react";
import type { Problem } from "./problem.js";

/** A problem as a person sees it: what happened, and what to quote when asking about it. */
export function ProblemNote(props: {
  readonly problem: Problem;
  readonly onRetry?: () => void;
  readonly children?: ReactNode;
}): ReactNode {
  const { problem, onRetry, children } = props;
  return (
    <div className="note problem" role="alert">
      <p>{problem.message}</p>
      {children}
      {problem.requestId && (
        <p className="quiet">
          {problem.code} · request <code>{problem.requestId}</code>
        </p>
      )}
      {onRetry && (
        <button type="button" className="secondary" onClick={onRetry}>
          Load again
        </button>
      )}
    </div>
  );
}
