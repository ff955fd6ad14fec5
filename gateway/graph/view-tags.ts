import { isTypeDefinitionNode, Kind, parse, type ConstDirectiveNode } from 'graphql';
import { views, type View } from '#kernel/actor';

/** A view that is a part of the graph. */
export type PartialView = Exclude<View, 'internal'>;

/** The views that are a part of the graph; the third one, `internal`, is all of it. */
export const partialViews: readonly PartialView[] = views.filter((view) => view !== 'internal');

/** The views of what is tagged, by schema coordinate such as `Vendor`, `Vendor.name` or `Query.vendor(id:)`. */
export type ViewTags = ReadonlyMap<string, ReadonlySet<string>>;

interface TaggedNode {
  readonly directives?: readonly ConstDirectiveNode[];
}

/** Reads the tags of a supergraph that name views; other tags mean nothing here. */
export function viewTagsOf(supergraphSdl: string): ViewTags {
  const tags = new Map<string, ReadonlySet<string>>();
  const note = (coordinate: string, node: TaggedNode): void => {
    const found = viewsIn(node.directives ?? []);
    if (found.length > 0) tags.set(coordinate, new Set(found));
  };
  for (const definition of parse(supergraphSdl, { noLocation: true }).definitions) {
    if (!isTypeDefinitionNode(definition)) continue;
    const type = definition.name.value;
    note(type, definition);
    const values = 'values' in definition ? (definition.values ?? []) : [];
    for (const value of values) note(`${type}.${value.name.value}`, value);
    const fields = 'fields' in definition ? (definition.fields ?? []) : [];
    for (const field of fields) {
      note(`${type}.${field.name.value}`, field);
      const given = 'arguments' in field ? (field.arguments ?? []) : [];
      for (const argument of given) note(`${type}.${field.name.value}(${argument.name.value}:)`, argument);
    }
  }
  return tags;
}

function viewsIn(directives: readonly ConstDirectiveNode[]): string[] {
  const names = directives
    .filter((directive) => directive.name.value === 'tag')
    .map((directive) => directive.arguments?.find((argument) => argument.name.value === 'name')?.value)
    .map((value) => (value?.kind === Kind.STRING ? value.value : ''));
  return names.filter((tag) => partialViews.some((view) => view === tag));
}
