import { type FormEvent, type ReactNode, useEffect, useRef } from "react";
import { useQuery } from "urql";
import { Field } from "./field.js";
import type { FieldErrors, FormPath } from "./field-errors.js";
import type { CreateVirtualCardInput, RangeChoiceFragment } from "./generated/graphql.js";
import { graphql, readFragment } from "./generated/index.js";
import { formatAmount, parseAmount } from "./money.js";
import { problemOf } from "./problem.js";
import { ProblemNote } from "./problem-note.js";

const RangeChoice = graphql(`
  fragment RangeChoice on CardRange {
    id
    bin
    description
    minDeposit {
      amountMinor
      currency
    }
  }
`);

const RangeChoices = graphql(`
  query RangeChoices {
    cardRanges {
      ...RangeChoice
    }
  }
`);

/** What the form is filled in for: an order, but for its number. */
export type OrderDetails = Omit<CreateVirtualCardInput, "orderNo">;

const CURRENCY = "USD";

/** The form of an order. Only the amount is checked here, because it has to be read; the rules are the server's. */
export function OrderForm(props: {
  readonly locale: string;
  readonly errors: FieldErrors;
  /** Whether the details may be changed: not while an order that was sent with them may stand. */
  readonly isLocked: boolean;
  readonly onSubmit: (details: OrderDetails) => void;
  /** The button was pressed while the details were locked. */
  readonly onPressAgain: () => void;
  readonly onFault: (path: FormPath, message: string) => void;
  readonly children: ReactNode;
}): ReactNode {
  const { locale, errors, isLocked } = props;
  const form = useRef<HTMLFormElement>(null);
  const [{ data, fetching, error }, askAgain] = useQuery({ query: RangeChoices });
  const ranges = readFragment(RangeChoice, data?.cardRanges ?? []);

  useEffect(() => {
    if (errors.byPath.size > 0) form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [errors]);

  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    if (isLocked) props.onPressAgain();
    else send(new FormData(event.currentTarget));
  };

  const send = (values: FormData): void => {
    const text = (path: FormPath): string => String(values.get(path) ?? "").trim();
    const amountMinor = parseAmount(text("deposit.amountMinor"), CURRENCY, locale);
    if (amountMinor === null) {
      const example = formatAmount({ amountMinor: 1_050, currency: CURRENCY }, locale);
      props.onFault("deposit.amountMinor", `Deposit must be an amount such as ${example.replace(/[^\d.,]/g, "")}`);
      return;
    }
    const [firstName, lastName] = [text("cardHolder.firstName"), text("cardHolder.lastName")];
    props.onSubmit({
      cardRangeId: text("cardRangeId"),
      deposit: { amountMinor, currency: CURRENCY },
      cardHolder: firstName || lastName ? { firstName, lastName } : null,
      email: text("email") || null,
    });
  };

  return (
    <form ref={form} onSubmit={submit} noValidate aria-label="Order a card">
      {error && <ProblemNote problem={problemOf(error)} onRetry={() => askAgain({ requestPolicy: "network-only" })} />}
      <fieldset disabled={isLocked}>
        <Field
          path="cardRangeId"
          faults={errors.byPath.get("cardRangeId")}
          control={(control) => (
            <select {...control}>
              {fetching && <option value="">Loading…</option>}
              {ranges.map((range) => (
                <option key={range.id} value={range.id}>
                  {rangeText(range, locale)}
                </option>
              ))}
            </select>
          )}
        />
        <Field
          path="deposit.amountMinor"
          hint={`In ${CURRENCY}, from ${usd(500, locale)} to ${usd(500_000, locale)}.`}
          faults={errors.byPath.get("deposit.amountMinor")}
          control={(control) => <input {...control} inputMode="decimal" autoComplete="off" placeholder="25.00" />}
        />
        <div className="pair">
          <Field
            path="cardHolder.firstName"
            faults={errors.byPath.get("cardHolder.firstName")}
            control={(control) => <input {...control} autoComplete="given-name" />}
          />
          <Field
            path="cardHolder.lastName"
            faults={errors.byPath.get("cardHolder.lastName")}
            control={(control) => <input {...control} autoComplete="family-name" />}
          />
        </div>
        <Field
          path="email"
          hint="The issuer knows the owner of the card by it."
          faults={errors.byPath.get("email")}
          control={(control) => <input {...control} type="email" autoComplete="email" />}
        />
      </fieldset>
      {props.children}
    </form>
  );
}

function rangeText({ id, bin, description, minDeposit }: RangeChoiceFragment, locale: string): string {
  const least = minDeposit && `from ${formatAmount(minDeposit, locale)}`;
  return [description ?? id, bin && `${bin}…`, least].filter(Boolean).join(" · ");
}

function usd(amountMinor: number, locale: string): string {
  return formatAmount({ amountMinor, currency: CURRENCY }, locale);
}
