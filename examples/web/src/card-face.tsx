import type { ReactNode } from "react";
import type { CardLifecycle } from "./generated/graphql.js";
import { type FragmentType, graphql, readFragment } from "./generated/index.js";
import { formatAmount } from "./money.js";

const CardFaceFields = graphql(`
  fragment CardFace on Card {
    id
    lifecycle
    bin
    last4
    expMonth
    expYear
    balance {
      amountMinor
      currency
    }
    cardHolder {
      holderName
    }
  }
`);

const LIFECYCLES: Readonly<Record<CardLifecycle, string>> = {
  OPENING: "Opening",
  ACTIVE: "Active",
  BLOCKED: "Frozen",
  CLOSING: "Closing",
  CLOSED: "Closed",
  FAILED: "Failed",
  UNKNOWN: "Unclear",
};

/** A card, as much of it as there is to see: the API has neither its full number nor its CVC. */
export function CardFace(props: {
  readonly card: FragmentType<typeof CardFaceFields>;
  readonly locale: string;
}): ReactNode {
  const card = readFragment(CardFaceFields, props.card);
  const { lifecycle, balance, cardHolder, expMonth, expYear } = card;
  return (
    <article className={`card ${lifecycle.toLowerCase()}`}>
      <header>
        <span className="balance">{formatAmount(balance, props.locale)}</span>
        <span className="lifecycle">{LIFECYCLES[lifecycle] ?? lifecycle}</span>
      </header>
      <p className="number">{maskedNumber(card)}</p>
      <footer>
        <span>{cardHolder.holderName ?? "—"}</span>
        <span>{expMonth && expYear ? `${String(expMonth).padStart(2, "0")}/${expYear % 100}` : "··/··"}</span>
      </footer>
    </article>
  );
}

/** First six and last four digits in groups, and dots for those that nobody is shown. */
function maskedNumber({ bin, last4 }: { readonly bin: string | null; readonly last4: string | null }): string {
  const digits = `${(bin ?? "").padEnd(12, "•")}${last4 ?? "••••"}`;
  return digits.match(/.{1,4}/g)?.join(" ") ?? digits;
}
