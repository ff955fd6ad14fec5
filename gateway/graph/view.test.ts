import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import {
  buildSchema,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  Kind,
  parse,
  print,
  printSchema,
  validate,
  validateSchema,
  visit,
  type ConstDirectiveNode,
  type GraphQLSchema,
} from 'graphql';
import { describe, expect, test } from 'vitest';
import { randomOperations } from '../fixtures/random-operations.ts';
import { readSupergraph } from './federated-graph.ts';
import { partialViews, viewTagsOf } from './view-tags.ts';
import { cutViews, type GraphView } from './view.ts';

const partner = '@tag(name: "partner")';
const declaration = `directive @tag(name: String!) repeatable on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ENUM
  | ENUM_VALUE | ARGUMENT_DEFINITION | INPUT_OBJECT | INPUT_FIELD_DEFINITION | SCALAR`;

function partnerView(sdl: string): GraphView {
  const whole = `${declaration} ${sdl}`;
  return cutViews(buildSchema(whole), whole).partner;
}

/** Every field, argument and value there is, by coordinate. */
function coordinates(schema: GraphQLSchema): string[] {
  const types = Object.values(schema.getTypeMap()).filter((type) => !type.name.startsWith('__'));
  return types.flatMap((type) => {
    if (isInputObjectType(type)) return Object.keys(type.getFields()).map((field) => `${type.name}.${field}`);
    if ('getValues' in type) return type.getValues().map((value) => `${type.name}.${value.name}`);
    if (!isObjectType(type) && !isInterfaceType(type)) return [];
    return Object.values(type.getFields()).flatMap((field) => [
      `${type.name}.${field.name}`,
      ...field.args.map((arg) => `${type.name}.${field.name}(${arg.name}:)`),
    ]);
  });
}

describe('a view has', () => {
  test.each([
    [
      'what is tagged for it and nothing else',
      `type Query { open: Thing ${partner} closed: Thing other: Int @tag(name: "portal") }
       type Thing { name: String ${partner} secret: String }`,
      ['Query.open', 'Thing.name'],
    ],
    [
      'all fields of a type that is tagged as a whole',
      `type Query { open: Thing ${partner} } type Thing ${partner} { name: String size: Int }`,
      ['Query.open', 'Thing.name', 'Thing.size'],
    ],
    [
      'nothing that no operation leads to',
      `type Query { open: Int ${partner} closed: Thing } type Thing ${partner} { name: String }`,
      ['Query.open'],
    ],
    [
      'what shapes its fields: arguments, inputs, enumerations',
      `type Query { open(in: In, kind: Kind): Int ${partner} } input In { kind: Kind } enum Kind { A B }`,
      ['Query.open', 'Query.open(in:)', 'Query.open(kind:)', 'In.kind', 'Kind.A', 'Kind.B'],
    ],
    [
      'less of an input whose parts are for other views',
      `type Query { open(in: In): Int ${partner} }
       input In { a: Int b: Int @tag(name: "portal") c: Int ${partner} }`,
      ['Query.open', 'Query.open(in:)', 'In.a', 'In.c'],
    ],
    [
      'no optional argument whose input is for other views',
      `type Query { open(in: In, a: Int): Int ${partner} } input In @tag(name: "portal") { a: Int }`,
      ['Query.open', 'Query.open(a:)'],
    ],
    [
      'an object that lost a field of its interface, without the interface',
      `type Query { open: Thing ${partner} } interface Sized { size: Int ${partner} }
       type Thing implements Sized { name: String ${partner} size: Int }`,
      ['Query.open', 'Thing.name'],
    ],
    ['nothing at all where nothing is tagged', 'type Query { closed: Int }', []],
  ])('%s', (_what, sdl, expected) => {
    const view = partnerView(sdl);
    expect(view.faults).toEqual([]);
    expect(coordinates(view.schema)).toEqual(expected);
  });

  test('no more faith in an enumeration than its values: those of other views are not taken', () => {
    const view = partnerView(
      `type Query { open(kind: Kind): Int ${partner} } enum Kind { A B @tag(name: "portal") }`,
    );
    expect([...view.narrowed]).toEqual(['Kind']);
    expect(validate(view.schema, parse('{ open(kind: B) }'))[0]?.message).toContain(
      'Value "B" does not exist',
    );
  });
});

test.each([
  [
    'a field whose type is not in it',
    `type Query { open: Thing ${partner} } type Thing { secret: String }`,
    'Query.open is in the view partner, but its type Thing is not',
  ],
  [
    'a required argument that is not in it',
    `type Query { open(in: In!): Int ${partner} } input In @tag(name: "portal") { a: Int }`,
    'Query.open(in:) is required, but not in the view partner',
  ],
  [
    'a required part of an input that is not in it',
    `type Query { a: Int ${partner} open(in: In): Int ${partner} } input In { a: Int! @tag(name: "portal") b: Int }`,
    'In.a is required, but not in the view partner',
  ],
  [
    'an interface that may be answered as something outside it',
    `type Query { open: Any ${partner} } interface Any { id: ID ${partner} }
     type In implements Any ${partner} { id: ID } type Out implements Any { id: ID }`,
    'Any may be answered as Out, which is not in the view partner',
  ],
  [
    'a union that may be answered as something outside it',
    `type Query { open: Any ${partner} } union Any = In | Out type In ${partner} { id: ID } type Out { id: ID }`,
    'Any may be answered as Out, which is not in the view partner',
  ],
  [
    'an enumeration that may be answered with a value outside it',
    `type Query { open: Kind ${partner} } enum Kind { A B @tag(name: "portal") }`,
    'Kind may be answered as B, which is not in the view partner',
  ],
])('a view does not hold together with %s', (_what, sdl, fault) => {
  expect(partnerView(sdl).faults).toEqual([fault]);
});

const varied = `
  type Query { a(in: In, first: Int): A b: [B!]! any: Any node(id: ID!): Node kind: Kind }
  type Mutation { make(in: Make!): Made remove(id: ID!, why: Why): Made }
  type A implements Node { id: ID! b(kind: Kind): B text: String deep: A any: [Any] }
  type B implements Node { id: ID! a: A kind: Kind }
  type C { text: String a: A }
  type Made { a: A b: B errors: [String!]! }
  union Any = A | C
  interface Node { id: ID! }
  enum Kind { ONE TWO THREE }
  enum Why { BECAUSE }
  input In { kind: Kind inner: Inner text: String! = "" }
  input Inner { why: Why! list: [In!] }
  input Make { id: ID! inner: Inner }
`;

const tag: ConstDirectiveNode = {
  kind: Kind.DIRECTIVE,
  name: { kind: Kind.NAME, value: 'tag' },
  arguments: [
    {
      kind: Kind.ARGUMENT,
      name: { kind: Kind.NAME, value: 'name' },
      value: { kind: Kind.STRING, value: 'partner' },
    },
  ],
};

/** The schema with a tag wherever the next of the given choices says so. */
function tagged(choices: readonly boolean[]): string {
  let next = 0;
  const choose = <Node extends object>(node: Node): Node | undefined => {
    next += 1;
    if (!choices[next % choices.length]) return undefined;
    return { ...node, directives: [tag] };
  };
  return print(
    visit(parse(`${declaration} ${varied}`), {
      FieldDefinition: { leave: choose },
      EnumValueDefinition: { leave: choose },
      InputValueDefinition: { leave: choose },
    }),
  );
}

const anyView = fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }).map((choices) => {
  const sdl = tagged(choices);
  const api = buildSchema(sdl);
  return { api, view: cutViews(api, sdl).partner, tags: viewTagsOf(sdl) };
});

describe('whatever is tagged,', () => {
  test('what a view shows of objects is tagged for it', () => {
    fc.assert(
      fc.property(anyView, ({ view, tags }) => {
        const shown = coordinates(view.schema).filter((coordinate) => {
          const type = view.schema.getType(coordinate.split('.')[0] ?? '');
          return (isObjectType(type) || isInterfaceType(type)) && !coordinate.includes('(');
        });
        expect(shown.filter((coordinate) => !tags.get(coordinate)?.has('partner'))).toEqual([]);
      }),
    );
  });

  test('a view is a part of the graph and a sound schema', () => {
    fc.assert(
      fc.property(anyView, ({ api, view }) => {
        const whole = new Set(coordinates(api));
        expect(coordinates(view.schema).filter((coordinate) => !whole.has(coordinate))).toEqual([]);
        const isEmpty = Object.keys(view.schema.getQueryType()?.getFields() ?? {}).length === 0;
        // Made without checks, so it is printed and read again with them.
        const faults = isEmpty ? [] : validateSchema(buildSchema(printSchema(view.schema)));
        expect(faults).toEqual([]);
      }),
    );
  });

  test('every operation that is valid in a view is valid in the whole graph', () => {
    fc.assert(
      fc.property(
        anyView.chain(({ api, view }) => randomOperations(view.schema).map((text) => ({ api, view, text }))),
        ({ api, view, text }) => {
          expect(validate(view.schema, parse(text))).toEqual([]);
          expect(validate(api, parse(text))).toEqual([]);
        },
      ),
    );
  });
});

describe('of the graph that is served,', () => {
  const sdl = readFileSync(join(import.meta.dirname, '../../schema/supergraph.graphql'), 'utf8');
  const { api, views } = readSupergraph(sdl);

  test.each(partialViews)('operations of the view %s are valid in the whole graph', (name) => {
    fc.assert(
      fc.property(randomOperations(views[name].schema), (text) => {
        expect(validate(api, parse(text))).toEqual([]);
      }),
    );
  });

  test.each([
    ['partner', 'ApiKey'],
    ['partner', 'AuditRecord'],
    ['partner', 'ApprovalPolicy'],
    ['portal', 'ApiKey'],
    ['portal', 'VendorBankDetail'],
    ['portal', 'TrialBalance'],
  ] as const)('the view %s knows nothing of %s', (view, type) => {
    expect(api.getType(type)).toBeDefined();
    expect(views[view].schema.getType(type)).toBeUndefined();
    expect(printSchema(views[view].schema)).not.toMatch(new RegExp(`\\b${type}\\b`));
  });

  test('keys are made inside, so that no partner makes itself one that sees more', () => {
    for (const name of partialViews) {
      const mutations = Object.keys(views[name].schema.getMutationType()?.getFields() ?? {});
      expect(mutations).not.toContain('createApiKey');
      expect(mutations).not.toContain('changeMemberRoles');
    }
  });
});
