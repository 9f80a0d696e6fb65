// Lints the schema alone; everything else is biome's. The subgraph's SDL is made of the same types.
import { parser, rules } from "@graphql-eslint/eslint-plugin";

const SCHEMA = "src/schema/schema.graphql";

const RULES = {
  "description-style": "error",
  "known-argument-names": "error",
  "known-directives": "error",
  "known-type-names": "error",
  "lone-schema-definition": "error",
  "provided-required-arguments": "error",
  "unique-directive-names": "error",
  "unique-directive-names-per-location": "error",
  "unique-enum-value-names": "error",
  "unique-field-definition-names": "error",
  "unique-operation-types": "error",
  "unique-type-names": "error",
  "naming-convention": [
    "error",
    {
      types: "PascalCase",
      FieldDefinition: "camelCase",
      InputValueDefinition: "camelCase",
      DirectiveDefinition: "camelCase",
      EnumValueDefinition: "UPPER_CASE",
      "FieldDefinition[parent.name.value=Query]": { forbiddenPrefixes: ["query", "get", "list"] },
      "FieldDefinition[parent.name.value=Mutation]": { forbiddenPrefixes: ["mutation"] },
      "FieldDefinition[parent.name.value=Subscription]": { forbiddenPrefixes: ["subscription", "on"] },
      "EnumTypeDefinition,EnumTypeExtension": { forbiddenPrefixes: ["Enum"], forbiddenSuffixes: ["Enum"] },
      "ObjectTypeDefinition,ObjectTypeExtension": { forbiddenPrefixes: ["Type"], forbiddenSuffixes: ["Type", "Dto"] },
    },
  ],
  "input-name": ["error", { checkInputType: true, caseSensitiveInputType: false, checkQueries: false }],
  "no-hashtag-description": "error",
  // `Card.cardHolder` and `Card.cardSeqNo` are words of the trade, and were promised to clients.
  "no-typename-prefix": "off",
  "no-unreachable-types": "error",
  "no-scalar-result-type-on-mutation": "error",
  // Lists are read forwards alone: `first` has a default, so that `last` beside it would mean nothing clear.
  "relay-arguments": ["error", { includeBoth: false }],
  "relay-connection-types": "error",
  // Edges may lead to what has no place of its own in the graph, such as an event, and not every list is long enough
  // for a connection, such as that of the errors of one answer.
  "relay-edge-types": [
    "error",
    { withEdgeSuffix: true, shouldImplementNode: false, listTypeCanWrapOnlyEdgeType: false },
  ],
  "relay-page-info": "error",
  "require-deprecation-reason": "error",
  "require-description": [
    "error",
    {
      types: true,
      rootField: true,
      FieldDefinition: true,
      InputValueDefinition: true,
      EnumValueDefinition: true,
      DirectiveDefinition: true,
    },
  ],
  // What is a part of something else, or is known by its code, has no id.
  "strict-id-in-types": [
    "error",
    {
      exceptions: {
        types: ["Money", "PageInfo", "Provider", "RevealedCard", "UserError"],
        suffixes: ["Connection", "Edge", "Payload"],
      },
    },
  ],
};

export default [
  {
    files: [SCHEMA],
    languageOptions: { parser, parserOptions: { graphQLConfig: { schema: SCHEMA } } },
    plugins: { "@graphql-eslint": { rules } },
    rules: Object.fromEntries(Object.entries(RULES).map(([name, value]) => [`@graphql-eslint/${name}`, value])),
  },
];
