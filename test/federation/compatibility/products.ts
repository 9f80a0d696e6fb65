import { ApolloServer } from "@apollo/server";
import { ApolloServerPluginInlineTrace } from "@apollo/server/plugin/inlineTrace";
import { startStandaloneServer } from "@apollo/server/standalone";
import { buildSchema } from "graphql";
import { buildSubgraph } from "../../../src/federation/subgraph.js";

/** The schema that the compatibility tests ask for, without anything of federation. */
const SCHEMA = buildSchema(/* GraphQL */ `
  directive @custom on OBJECT

  type Query {
    product(id: ID!): Product
    deprecatedProduct(sku: String!, package: String!): DeprecatedProduct
      @deprecated(reason: "Use product query instead")
  }
  type Product {
    id: ID!
    sku: String
    package: String
    variation: ProductVariation
    dimensions: ProductDimension
    createdBy: User
    notes: String
    research: [ProductResearch!]!
  }
  type DeprecatedProduct { sku: String! package: String! reason: String createdBy: User }
  type ProductVariation { id: ID! }
  type ProductResearch { study: CaseStudy! outcome: String }
  type CaseStudy { caseNumber: ID! description: String }
  type ProductDimension { size: String weight: Float unit: String }
  type User {
    email: ID!
    name: String
    averageProductsCreatedPerYear: Int
    totalProductsCreated: Int
    yearsOfEmployment: Int!
  }
  type Inventory { id: ID! deprecatedProducts: [DeprecatedProduct!]! }
`);

const USER = {
  email: "support@apollographql.com",
  name: "Jane Smith",
  totalProductsCreated: 1337,
  yearsOfEmployment: 10,
};
const DEPRECATED = {
  sku: "apollo-federation-v1",
  package: "@apollo/federation-v1",
  reason: "Migrate to Federation V2",
  createdBy: USER,
};
const RESEARCH = [
  { study: { caseNumber: "1234", description: "Federation Study" }, outcome: null },
  { study: { caseNumber: "1235", description: "Studio Study" }, outcome: null },
];
const COMMON = { dimensions: { size: "small", weight: 1, unit: "kg" }, createdBy: USER, notes: null };
const PRODUCTS = [
  {
    ...COMMON,
    id: "apollo-federation",
    sku: "federation",
    package: "@apollo/federation",
    variation: { id: "OSS" },
    research: RESEARCH.slice(0, 1),
  },
  {
    ...COMMON,
    id: "apollo-studio",
    sku: "studio",
    package: "",
    variation: { id: "platform" },
    research: RESEARCH.slice(1),
  },
];

interface VariationKey {
  readonly id: unknown;
}

const SUBGRAPH = buildSubgraph(SCHEMA, {
  version: "v2.3",
  entities: {
    Product: [
      { fields: "id", find: ({ id }) => PRODUCTS.find((one) => one.id === id) ?? null },
      {
        fields: "sku package",
        find: (key) => PRODUCTS.find(({ sku, package: name }) => sku === key.sku && name === key.package) ?? null,
      },
      {
        fields: "sku variation { id }",
        find: ({ sku, variation }) =>
          PRODUCTS.find((one) => one.sku === sku && one.variation.id === (variation as VariationKey).id) ?? null,
      },
    ],
    DeprecatedProduct: [
      {
        fields: "sku package",
        find: (key) => (DEPRECATED.sku === key.sku && DEPRECATED.package === key.package ? DEPRECATED : null),
      },
    ],
    ProductResearch: [
      {
        fields: "study { caseNumber }",
        find: (key) => {
          const { caseNumber } = key.study as { readonly caseNumber: unknown };
          return RESEARCH.find(({ study }) => study.caseNumber === caseNumber) ?? null;
        },
      },
    ],
    User: [
      {
        fields: "email",
        find: ({ email, totalProductsCreated: total, yearsOfEmployment: years }) =>
          email === USER.email
            ? { ...USER, averageProductsCreatedPerYear: total ? Math.round(Number(total) / Number(years)) : null }
            : null,
      },
    ],
    Inventory: [
      { fields: "id", find: ({ id }) => (id === "apollo-oss" ? { id, deprecatedProducts: [DEPRECATED] } : null) },
    ],
  },
  directives: [
    { directive: "@custom", at: ["Product"] },
    { directive: "@shareable", at: ["ProductDimension"] },
    { directive: "@inaccessible", at: ["ProductDimension.unit"] },
    { directive: "@interfaceObject", at: ["Inventory"] },
    { directive: '@tag(name: "internal")', at: ["Product.notes"] },
    { directive: '@provides(fields: "totalProductsCreated")', at: ["Product.createdBy"] },
    {
      directive: '@requires(fields: "totalProductsCreated yearsOfEmployment")',
      at: ["User.averageProductsCreatedPerYear"],
    },
    { directive: '@override(from: "users")', at: ["User.name"] },
    { directive: "@external", at: ["User.totalProductsCreated", "User.yearsOfEmployment"] },
  ],
  links: [{ url: "https://myspecs.dev/myCustomDirective/v1.0", import: ["@custom"] }],
  composed: ["@custom"],
});

/** The subgraph of products on a loopback port. */
export interface Products {
  readonly url: string;
  readonly sdl: string;
  close(): Promise<void>;
}

/** Serves the subgraph that the compatibility tests are run against. */
export async function startProducts(): Promise<Products> {
  const rootValue = {
    product: ({ id }: { readonly id: string }) => PRODUCTS.find((one) => one.id === id),
    deprecatedProduct: () => DEPRECATED,
  };
  const server = new ApolloServer({
    schema: SUBGRAPH.schema,
    rootValue: () => rootValue,
    plugins: [ApolloServerPluginInlineTrace()],
    stopOnTerminationSignals: false,
  });
  const { url } = await startStandaloneServer(server, { listen: { host: "127.0.0.1", port: 0 } });
  return { url, sdl: SUBGRAPH.sdl, close: () => server.stop() };
}
