import { useCallback, useEffect, useState } from "react";
import { CombinedError, useClient } from "urql";
import { type FieldErrors, fieldErrors, NO_ERRORS, RefusalNote } from "./field-errors.js";
import type { CreateVirtualCardInput, FollowedOrderFragment } from "./generated/graphql.js";
import { graphql, readFragment } from "./generated/index.js";
import type { OrderDetails } from "./order-form.js";
import type { OrderNumber } from "./order-number.js";
import { FollowedOrder } from "./order-progress.js";
import { readOrder } from "./order-source.js";
import { type Problem, problemOf } from "./problem.js";

const IssueCard = graphql(`
  mutation IssueCard($input: CreateVirtualCardInput!) {
    createVirtualCard(input: $input) {
      order {
        ...FollowedOrder
      }
      userErrors {
        ...RefusalNote
      }
    }
  }
`);

/**
 * Where the page stands with its one order.
 *
 * - `looking`: it asks whether an order stands under the number that an earlier load of the page kept.
 * - `editing`: no order stands under the number, so the details may be changed and the number stays.
 * - `sending`: the order is on its way.
 * - `unclear`: it was sent and no answer came: it may stand. It may be sent again **as it was** and under its number,
 *   which is safe however often; or be looked for. `sent` is null when it was the looking that failed.
 * - `placed`: an order stands under the number. It is followed, never sent again.
 */
export type Issuing =
  | { readonly kind: "looking" }
  | { readonly kind: "editing"; readonly errors: FieldErrors }
  | { readonly kind: "sending" }
  | { readonly kind: "unclear"; readonly problem: Problem; readonly sent: CreateVirtualCardInput | null }
  | { readonly kind: "placed"; readonly order: FollowedOrderFragment; readonly remarks: readonly string[] };

/** What can be done about the page's order. */
export interface IssuingDesk {
  readonly issuing: Issuing;
  send(details: OrderDetails): void;
  /** Sends again what was sent, to the letter and under its number; or looks again. */
  retry(): void;
  /** Looks whether an order stands; if there is none the details may be changed. */
  look(): void;
  /** Shows what is wrong with the details. */
  correct(errors: FieldErrors): void;
  /** Gives the number up, for the next order. */
  startAnother(): void;
}

/** The page's one order, from the form to an order that stands. */
export function useIssuing(orderNumber: OrderNumber): IssuingDesk {
  const client = useClient();
  const [issuing, setIssuing] = useState<Issuing>(() =>
    orderNumber.kept === null ? { kind: "editing", errors: NO_ERRORS } : { kind: "looking" },
  );

  const look = useCallback(
    async (sent: CreateVirtualCardInput | null, remarks: readonly string[] = []): Promise<void> => {
      try {
        const order = await readOrder(client, orderNumber.take());
        setIssuing(order ? { kind: "placed", order, remarks } : { kind: "editing", errors: NO_ERRORS });
      } catch (error) {
        setIssuing({ kind: "unclear", problem: problemOf(error as CombinedError), sent });
      }
    },
    [client, orderNumber],
  );

  const send = useCallback(
    async (input: CreateVirtualCardInput): Promise<void> => {
      setIssuing({ kind: "sending" });
      const { data, error } = await client.mutation(IssueCard, { input }).toPromise();
      if (!data) {
        const problem = problemOf(error ?? new CombinedError({}));
        return setIssuing({ kind: "unclear", problem, sent: input });
      }
      const order = readFragment(FollowedOrder, data.createVirtualCard.order);
      const refusals = readFragment(RefusalNote, data.createVirtualCard.userErrors);
      const errors = fieldErrors(refusals);
      // Placed from another tab, or before a change of the details: what stands is what counts.
      if (refusals.some(({ code }) => code === "IDEMPOTENCY_MISMATCH")) return look(input, errors.rest);
      setIssuing(order ? { kind: "placed", order, remarks: errors.rest } : { kind: "editing", errors });
    },
    [client, look],
  );

  useEffect(() => {
    if (orderNumber.kept !== null) void look(null);
  }, [look, orderNumber]);

  return {
    issuing,
    send: (details) => void send({ ...details, orderNo: orderNumber.take() }),
    retry: () => {
      if (issuing.kind === "unclear") void (issuing.sent ? send(issuing.sent) : look(null));
    },
    look: () => {
      if (issuing.kind === "unclear") void look(issuing.sent);
    },
    correct: (errors) => setIssuing({ kind: "editing", errors }),
    startAnother: () => {
      orderNumber.renew();
      setIssuing({ kind: "editing", errors: NO_ERRORS });
    },
  };
}
