import type { z } from 'zod';
import type { Graph } from '#kernel/graphql';

interface Definition {
  readonly type: string;
  readonly innerType?: z.ZodType;
  readonly element?: z.ZodType;
  readonly in?: z.ZodType;
  readonly shape?: Record<string, z.ZodType>;
  readonly entries?: Record<string, string>;
  readonly checks?: readonly { _zod: { def: { check: string; format?: string } } }[];
}

interface Piece {
  readonly type: unknown;
  readonly required: boolean;
  readonly description: string | undefined;
}

const scalars = new Set([
  'ID',
  'Decimal',
  'CurrencyCode',
  'Date',
  'DateTime',
  'Cursor',
  'String',
  'Int',
  'Boolean',
]);

/**
 * Makes the GraphQL input object of a command's schema, so that what is validated and what is documented are one.
 * `envelope` adds the idempotency key and the dry run.
 */
export function inputTypeOf(
  graph: Graph,
  name: string,
  options: { schema: z.ZodType; description: string; envelope?: boolean },
): unknown {
  const shape = shapeOf(options.schema);
  return graph.builder.inputType(name, {
    description: options.description,
    fields: (t) => {
      const fields = Object.entries(shape).map(([field, schema]) => {
        const piece = pieceOf(
          graph,
          `${name.replace(/Input$/, '')}${field.charAt(0).toUpperCase()}${field.slice(1)}`,
          schema,
        );
        const description = piece.description ?? describe(field);
        return [field, t.field({ type: piece.type as 'String', required: piece.required, description })];
      });
      return {
        ...Object.fromEntries(fields),
        ...(options.envelope
          ? {
              idempotencyKey: t.string({
                description:
                  'Repeat a request with the same key to get its first result again; keys never expire.',
              }),
              dryRun: t.boolean({ description: 'Do everything and keep nothing, to see what would happen.' }),
            }
          : {}),
      };
    },
  });
}

function pieceOf(graph: Graph, name: string, schema: z.ZodType): Piece {
  let current = schema;
  let required = true;
  let description: string | undefined;
  let typeName: string | undefined;
  for (;;) {
    const meta = current.meta() as { graphql?: string; description?: string } | undefined;
    description ??= meta?.description;
    typeName ??= meta?.graphql;
    const definition = definitionOf(current);
    if (isOptional(definition)) {
      required = false;
      current = definition.innerType as z.ZodType;
    } else if (typeName) {
      return { type: namedType(graph, typeName, current), required, description };
    } else if (definition.type === 'pipe') {
      current = definition.in as z.ZodType;
    } else {
      return { type: plainType(graph, name, current), required, description };
    }
  }
}

function isOptional(definition: Definition): boolean {
  return ['optional', 'nullable', 'default'].includes(definition.type);
}

function namedType(graph: Graph, name: string, schema: z.ZodType): unknown {
  if (scalars.has(name)) return name;
  const known = graph.inputTypes.get(name);
  if (known) return known;
  const definition = definitionOf(schema);
  if (definition.type === 'enum') {
    throw new Error(`Define the enumeration ${name} before the command that takes it`);
  }
  const made = inputTypeOf(graph, name, {
    schema,
    description:
      name === 'MoneyInput' ? 'An amount in one currency.' : `A part of an input: ${describe(name)}`,
  });
  graph.inputTypes.set(name, made);
  return made;
}

function plainType(graph: Graph, name: string, schema: z.ZodType): unknown {
  const definition = definitionOf(schema);
  switch (definition.type) {
    case 'string':
      return 'String';
    case 'boolean':
      return 'Boolean';
    case 'number':
      return 'Int';
    case 'array':
      return [pieceOf(graph, name, definition.element as z.ZodType).type];
    case 'object':
      return namedType(graph, `${name}Input`, schema);
    default:
      throw new Error(`${name}: a ${definition.type} has no GraphQL input type; give it a meta({ graphql })`);
  }
}

function shapeOf(schema: z.ZodType): Record<string, z.ZodType> {
  const definition = definitionOf(schema);
  if (definition.shape) return definition.shape;
  const inner = definition.innerType ?? definition.in;
  if (!inner) throw new Error('A command input must be an object');
  return shapeOf(inner);
}

function definitionOf(schema: z.ZodType): Definition {
  return schema.def as unknown as Definition;
}

/** `paymentTermsDays` reads "Payment terms days." where nobody wrote better. */
function describe(name: string): string {
  const words = name
    .replace(/([A-Z])/g, ' $1')
    .toLowerCase()
    .trim();
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}
