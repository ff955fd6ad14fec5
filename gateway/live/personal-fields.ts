import {
  isObjectType,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql';
import { personal } from '#kernel/graphql-types';

/** The fields of a supergraph, as `Type.field`, whose value depends on who asks. */
export function personalFields(supergraph: GraphQLSchema): ReadonlySet<string> {
  const found = new Set<string>();
  for (const type of Object.values(supergraph.getTypeMap())) {
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const tags = field.astNode?.directives?.filter((directive) => directive.name.value === 'tag') ?? [];
      const names = tags.flatMap((tag) => tag.arguments ?? []).map(({ value }) => value);
      if (names.some((value) => value.kind === 'StringValue' && value.value === personal)) {
        for (const { name } of [type, ...type.getInterfaces()]) found.add(`${name}.${field.name}`);
      }
    }
  }
  return found;
}

/** Whether a document selects such a field anywhere, whatever its directives may leave out. */
export function selectsPersonal(
  document: DocumentNode,
  schema: GraphQLSchema,
  fields: ReadonlySet<string>,
): boolean {
  const info = new TypeInfo(schema);
  let found = false;
  visit(
    document,
    visitWithTypeInfo(info, {
      Field: ({ name }) => {
        found ||= fields.has(`${info.getParentType()?.name}.${name.value}`);
      },
    }),
  );
  return found;
}
