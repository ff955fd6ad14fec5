import type { TypeRef } from '#kernel/graphql-types';
import type { Loader } from '#kernel/loaders';
import { graph } from './graph.ts';
import { scope } from './schema-values.ts';

/** Adds the root field that finds one row of a type by its id. */
export function findById<Row>(name: string, type: TypeRef<Row>, loader: Loader<Row | null>): void {
  graph.builder.queryField(name, (t) =>
    t.field({
      type: type as never,
      nullable: true,
      description: `One ${type.name}.`,
      views: ['partner', 'portal'],
      authScopes: { scope },
      args: { id: t.arg.id({ required: true, description: 'Its id.' }) },
      resolve: (_root, args, context) => loader(context).load((args as { id: string }).id) as never,
    }),
  );
}
