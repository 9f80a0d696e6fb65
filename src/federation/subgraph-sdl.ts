import {
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type InterfaceTypeDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  print,
  type ScalarTypeDefinitionNode,
  visit,
} from "graphql";
import type { SpecificationLink, SubgraphDescription } from "./description.js";

/** Directives of the federation specification: those that are used are imported. */
const OF_FEDERATION: ReadonlySet<string> = new Set([
  ...["authenticated", "composeDirective", "extends", "external", "inaccessible", "interfaceObject", "key", "override"],
  ...["policy", "provides", "requires", "requiresScopes", "shareable", "tag"],
]);

/** What of a description is printed. */
type Printed = Omit<SubgraphDescription<never>, "entities"> & {
  readonly entities: Readonly<Record<string, readonly { readonly fields: string }[]>>;
};

/** What is said of types and fields, by their place; knows what was never asked for. */
class Places {
  readonly #said = new Map<string, readonly string[]>();
  readonly #unused: Set<string>;

  constructor(sayings: Iterable<readonly [place: string, saying: string]>) {
    for (const [place, saying] of sayings) this.#said.set(place, [...(this.#said.get(place) ?? []), saying]);
    this.#unused = new Set(this.#said.keys());
  }

  at(place: string): readonly string[] {
    this.#unused.delete(place);
    return this.#said.get(place) ?? [];
  }

  /** Throws when something is said of a place that the schema does not have. */
  checkUsed(): void {
    for (const place of this.#unused) throw new Error(`the schema has no ${place} to describe to a supergraph`);
  }
}

/** The document without what the supergraph is not told of. */
export function withoutOmitted(document: DocumentNode, omitted: readonly string[] = []): DocumentNode {
  const places = new Places(omitted.map((place) => [place, "omitted"] as const));
  const isLeft = (place: string): boolean => places.at(place).length === 0;
  const definitions = document.definitions
    .filter((definition) => definition.kind !== Kind.SCHEMA_DEFINITION && isLeft(nameOf(definition)))
    .map((definition) => {
      if (!isFielded(definition)) return definition;
      const { fields, interfaces, name } = definition;
      return {
        ...definition,
        interfaces: interfaces?.filter((type) => isLeft(type.name.value)),
        fields: fields?.filter((field) => isLeft(`${name.value}.${field.name.value}`)),
      };
    });
  places.checkUsed();
  return { ...document, definitions };
}

/** The text that a gateway composes the supergraph of. */
export function printSubgraph(document: DocumentNode, description: Printed): string {
  const directed = withDirectives(document, description);
  return `${[schemaExtension(directed, description), print(directed)].join("\n\n")}\n`;
}

function withDirectives(document: DocumentNode, { entities, directives = [] }: Printed): DocumentNode {
  const keys = Object.entries(entities).flatMap(([type, all]) =>
    all.map(({ fields }) => [type, `@key(fields: ${JSON.stringify(fields)})`] as const),
  );
  const places = new Places([
    ...keys,
    ...directives.flatMap(({ directive, at }) => at.map((place) => [place, directive] as const)),
  ]);
  const directed = <Node extends DefinitionNode | FieldDefinitionNode>(node: Node, place: string): Node => {
    const own = "directives" in node ? (node.directives ?? []) : [];
    return { ...node, directives: [...own, ...places.at(place).flatMap(parseDirective)] };
  };
  const definitions = document.definitions.map((definition) => {
    const place = nameOf(definition);
    const type = directed(definition, place);
    if (!isFielded(type)) return type;
    return { ...type, fields: type.fields?.map((field) => directed(field, `${place}.${field.name.value}`)) };
  });
  places.checkUsed();
  return { ...document, definitions };
}

function parseDirective(text: string): readonly ConstDirectiveNode[] {
  const [scalar] = parse(`scalar Any ${text}`, { noLocation: true }).definitions;
  return (scalar as ScalarTypeDefinitionNode).directives ?? [];
}

function schemaExtension(document: DocumentNode, { version, links = [], composed = [] }: Printed): string {
  const used = new Set(composed.length > 0 ? ["composeDirective"] : []);
  visit(document, { [Kind.DIRECTIVE]: ({ name }) => void (OF_FEDERATION.has(name.value) && used.add(name.value)) });
  const imports = [...used].sort().map((name) => `@${name}`);
  const all = [{ url: `https://specs.apollo.dev/federation/${version}`, import: imports }, ...links];
  return [
    "extend schema",
    ...all.map(printLink),
    ...composed.map((name) => `  @composeDirective(name: "${name}")`),
  ].join("\n");
}

function printLink({ url, import: imports }: SpecificationLink): string {
  return `  @link(url: "${url}", import: [${imports.map((name) => `"${name}"`).join(", ")}])`;
}

function nameOf(definition: DefinitionNode): string {
  return "name" in definition && definition.name ? definition.name.value : "";
}

/** Whether a definition has fields that can be asked for. */
function isFielded(definition: DefinitionNode): definition is ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode {
  return definition.kind === Kind.OBJECT_TYPE_DEFINITION || definition.kind === Kind.INTERFACE_TYPE_DEFINITION;
}
