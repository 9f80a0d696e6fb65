import { type DocumentNode, Kind, print, type TypeDefinitionNode, type TypeSystemDefinitionNode } from "graphql";

interface Part {
  readonly place: string;
  readonly described: boolean;
}

/**
 * Every part of a schema document as one line that says all that a client depends on: `Money.amountMinor: SafeInt!`,
 * `Query.cards(first: Int = 20)`, `enum CardStatus ACTIVE`.
 */
export function partsOf(document: DocumentNode): readonly Part[] {
  return document.definitions.flatMap((definition) => {
    const type = definition as TypeSystemDefinitionNode;
    return "name" in type ? partsOfType(type as TypeDefinitionNode) : [];
  });
}

function partsOfType(type: TypeDefinitionNode): readonly Part[] {
  const name = type.name.value;
  const own = { place: `${type.kind} ${name}`, described: Boolean(type.description?.value) };
  switch (type.kind) {
    case Kind.ENUM_TYPE_DEFINITION:
      return [own, ...(type.values ?? []).map((value) => part(`enum ${name} ${value.name.value}`, value))];
    case Kind.INPUT_OBJECT_TYPE_DEFINITION:
      return [own, ...(type.fields ?? []).map((field) => part(`${name}.${inputText(field)}`, field))];
    case Kind.INTERFACE_TYPE_DEFINITION:
    case Kind.OBJECT_TYPE_DEFINITION:
      return [
        own,
        ...(type.fields ?? []).flatMap((field) => [
          part(`${name}.${field.name.value}: ${print(field.type)}`, field),
          ...(field.arguments ?? []).map((arg) => part(`${name}.${field.name.value}(${inputText(arg)})`, arg)),
        ]),
      ];
    default:
      return [own];
  }
}

function part(place: string, { description }: { readonly description?: { readonly value: string } }): Part {
  return { place, described: Boolean(description?.value.trim()) };
}

function inputText(node: Parameters<typeof print>[0] & { readonly description?: unknown }): string {
  return print({ ...node, description: undefined } as Parameters<typeof print>[0]);
}
