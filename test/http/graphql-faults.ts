import { execute, GraphQLError, parse, validate } from "graphql";
import { buildCardgraphSchema, type ResolverParts } from "../../src/resolvers/schema.js";

const schema = buildCardgraphSchema({} as ResolverParts);

export const EMAIL = "planted@person.example";
export const PAN = "4111111111111111";
export const NAME = "Plantedname";

export const CONTACT = "mutation($input: CreateCardContactInput!) { createCardContact(input: $input) { replayed } }";
export const CARD = "mutation($input: CreateVirtualCardInput!) { createVirtualCard(input: $input) { replayed } }";
export const LIST =
  "query($first: Int, $filter: CardFilter) { cards(first: $first, filter: $filter) { edges { cursor } } }";
export const whole = { firstName: NAME, lastName: NAME, mobile: "+8613800138000", email: EMAIL };
export const order = { orderNo: NAME, cardRangeId: "1", deposit: { amountMinor: 1_000 } };

/** What graphql itself says of a request, as it comes to the presenter. */
export async function messagesOf(source: string, variables: Record<string, unknown> = {}, operationName?: string) {
  const errors = await errorsOf(source, variables, operationName);
  return errors.map(({ message }) => message);
}

export async function errorsOf(
  source: string,
  variables: Record<string, unknown>,
  operationName?: string,
): Promise<readonly GraphQLError[]> {
  try {
    const document = parse(source, { maxTokens: 2_000 });
    const faults = validate(schema, document);
    if (faults.length > 0) return faults;
    const result = await execute({ schema, document, variableValues: variables, operationName });
    return result.errors ?? [];
  } catch (error) {
    if (error instanceof GraphQLError) return [error];
    throw error;
  }
}
