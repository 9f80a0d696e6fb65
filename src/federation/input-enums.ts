import {
  type DocumentNode,
  type EnumTypeDefinitionNode,
  type GraphQLSchema,
  type InputValueDefinitionNode,
  isEnumType,
  Kind,
  visit,
} from "graphql";

/** The name that the input side of an enum has in the supergraph. */
function inputName(name: string): string {
  return `${name}Input`;
}

/**
 * Names of the enums that a schema both takes and gives. Every subgraph would have to declare exactly the same values
 * of such an enum; of one that is only given, each may declare its own.
 */
export function enumsOfBothSides(document: DocumentNode): readonly string[] {
  const given = new Set<string>();
  const taken = new Set<string>();
  let side = given;
  visit(document, {
    [Kind.INPUT_VALUE_DEFINITION]: {
      enter: () => {
        side = taken;
      },
      leave: () => {
        side = given;
      },
    },
    [Kind.NAMED_TYPE]: ({ name }) => void side.add(name.value),
  });
  const enums = document.definitions.filter(({ kind }) => kind === Kind.ENUM_TYPE_DEFINITION);
  const names = (enums as readonly EnumTypeDefinitionNode[]).map(({ name }) => name.value);
  return names.filter((name) => given.has(name) && taken.has(name));
}

/** The document with the input side of these enums under a name of its own, with the same values. */
export function withInputEnumsApart(document: DocumentNode, enums: readonly string[]): DocumentNode {
  const renamed = (value: InputValueDefinitionNode): InputValueDefinitionNode =>
    visit(value, {
      [Kind.NAMED_TYPE]: (type) =>
        enums.includes(type.name.value)
          ? { ...type, name: { ...type.name, value: inputName(type.name.value) } }
          : undefined,
    });
  const apart = visit(document, { [Kind.INPUT_VALUE_DEFINITION]: renamed });
  const definitions = apart.definitions.flatMap((definition) =>
    definition.kind === Kind.ENUM_TYPE_DEFINITION && enums.includes(definition.name.value)
      ? [definition, { ...definition, name: { ...definition.name, value: inputName(definition.name.value) } }]
      : [definition],
  );
  return { ...apart, definitions };
}

/**
 * Lets variables be declared by the names that the input sides of these enums have in the supergraph, because gateways
 * pass them on so. The schema knows each enum by both names then; what it says of itself does not change.
 */
export function acceptInputNames(schema: GraphQLSchema, enums: readonly string[]): void {
  for (const name of enums) {
    const type = schema.getType(name);
    if (!isEnumType(type)) throw new Error(`${name} is no enum of the schema`);
    if (schema.getType(inputName(name)))
      throw new Error(`${inputName(name)} is taken, and is to name ${name} in inputs`);
    // Not enumerable: looked up by name it is there, and listed it is not.
    Object.defineProperty(schema.getTypeMap(), inputName(name), { value: type, enumerable: false });
  }
}
