import fc from 'fast-check';
import {
  buildSchema,
  findBreakingChanges,
  getOperationAST,
  Kind,
  parse,
  print,
  validate,
  validateSchema,
  visit,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type TypeNode,
} from 'graphql';
import { describe, expect, test } from 'vitest';
import { randomOperations } from '../fixtures/random-operations.ts';
import { profileOf } from '../usage/coordinates.ts';
import { judgeChanges } from './judge-changes.ts';
import { schemaChanges } from './schema-changes.ts';

const sound = `
  directive @live(every: Int) on FIELD | QUERY
  type Query { thing(id: ID!, size: Int = 1, kind: Kind): Thing any: [Any!]! node: Node things(in: In): [Thing!] }
  type Mutation { make(in: Make!): Thing }
  type Thing implements Node { id: ID! name: String kind: Kind old: Int @deprecated(reason: "2026-01-01") }
  type Other { name: String }
  interface Node { id: ID! }
  union Any = Thing | Other
  enum Kind { ONE TWO }
  input In { kind: Kind text: String limit: Int = 5 inner: In }
  input Make { name: String! note: String }
  scalar Stamp
`;

/** Changes of a schema in which one text was replaced, as one line each. */
function planted(from: string, to: string): string[] {
  expect(sound).toContain(from);
  const after = sound.replace(from, to);
  return schemaChanges(buildSchema(sound), buildSchema(after)).map(
    ({ criticality, coordinate, message }) => `${criticality} ${coordinate}: ${message}`,
  );
}

test('a schema does not differ from itself', () => {
  expect(schemaChanges(buildSchema(sound), buildSchema(sound))).toEqual([]);
});

describe('a planted change is found:', () => {
  test.each([
    ['name: String kind', 'kind', ['breaking Thing.name: Thing.name was removed']],
    [
      ' old: Int @deprecated(reason: "2026-01-01")',
      '',
      ['breaking Thing.old: Thing.old, which was deprecated, was removed'],
    ],
    ['name: String kind', 'name: String! kind', ['safe Thing.name: Thing.name was String and is String!']],
    ['any: [Any!]!', 'any: [Any]', ['breaking Query.any: Query.any was [Any!]! and is [Any]']],
    ['name: String kind', 'name: Int kind', ['breaking Thing.name: Thing.name was String and is Int']],
    ['id: ID!, size', 'id: ID, size', ['safe Query.thing(id:): Query.thing(id:) was ID! and is ID']],
    ['size: Int = 1, kind', 'kind', ['breaking Query.thing(size:): Query.thing(size:) was removed']],
    [
      'size: Int = 1, kind: Kind',
      'size: Int = 1, kind: Kind!',
      ['breaking Query.thing(kind:): Query.thing(kind:) was Kind and is Kind!'],
    ],
    [
      'size: Int = 1,',
      'size: Int = 2,',
      ['dangerous Query.thing(size:): The default of Query.thing(size:) was 1 and is 2'],
    ],
    [
      'id: ID!, size',
      'more: Int!, id: ID!, size',
      ['breaking Query.thing(more:): Query.thing(more:) was added and must be given'],
    ],
    ['id: ID!, size', 'more: Int, id: ID!, size', ['safe Query.thing(more:): Query.thing(more:) was added']],
    ['ONE TWO', 'ONE', ['breaking Kind.TWO: Kind.TWO was removed']],
    ['ONE TWO', 'ONE TWO THREE', ['dangerous Kind.THREE: Kind.THREE was added']],
    ['Thing | Other', 'Thing', ['breaking Any: Other is no longer a Any']],
    ['type Thing implements Node', 'type Thing', ['breaking Thing: Thing is no longer a Node']],
    [
      'type Other {',
      'type Other implements Node { id: ID!',
      ['dangerous Other: Other is a Node now', 'safe Other.id: Other.id was added'],
    ],
    ['text: String limit', 'limit', ['breaking In.text: In.text was removed']],
    ['limit: Int = 5', 'limit: Int = 6', ['dangerous In.limit: The default of In.limit was 5 and is 6']],
    ['note: String', 'note: String!', ['breaking Make.note: Make.note was String and is String!']],
    [
      'note: String',
      'note: String extra: Int!',
      ['breaking Make.extra: Make.extra was added and must be given'],
    ],
    ['input In {', 'input In @oneOf {', ['breaking In: In takes exactly one of its parts now']],
    ['scalar Stamp', 'type Stamp { a: Int }', ['breaking Stamp: Stamp was a scalar and is an object']],
    ['scalar Stamp', '', ['breaking Stamp: The type Stamp was removed']],
    [
      '(every: Int) on FIELD | QUERY',
      '(every: Int) on FIELD',
      ['breaking @live: @live may not stand on QUERY any more'],
    ],
    [
      'name: String kind',
      'name: String @deprecated(reason: "2027") kind',
      ['safe Thing.name: Thing.name was deprecated: 2027'],
    ],
    ['name: String kind', 'name: String more: Int kind', ['safe Thing.more: Thing.more was added']],
  ])('%s -> %s', (from, to, expected) => {
    const found = planted(from, to);
    expect(found).toEqual(expect.arrayContaining(expected));
    const worse = expected[0]?.startsWith('safe') ? found.filter((one) => !one.startsWith('safe')) : [];
    expect(worse).toEqual([]);
  });
});

/** A schema with random parts taken away or put another way; undefined where nothing sound is left. */
function changed(choices: readonly number[]): GraphQLSchema | undefined {
  let next = 0;
  const choice = (): number => {
    next += 1;
    return choices[next % choices.length] ?? 0;
  };
  const turned = (type: TypeNode): TypeNode =>
    type.kind === Kind.NON_NULL_TYPE ? type.type : { kind: Kind.NON_NULL_TYPE, type };
  const document = visit(parse(sound), {
    FieldDefinition: (node) => {
      const by = choice();
      if (by === 0) return null;
      return by === 1 ? { ...node, type: turned(node.type) } : undefined;
    },
    InputValueDefinition: (node) => {
      const by = choice();
      if (by === 0) return null;
      return by === 1 ? { ...node, type: turned(node.type), defaultValue: undefined } : undefined;
    },
    EnumValueDefinition: () => (choice() === 0 ? null : undefined),
    UnionTypeDefinition: (node) => (choice() === 0 ? { ...node, types: node.types?.slice(1) } : undefined),
    ObjectTypeDefinition: {
      leave: (node) => (choice() === 0 ? { ...node, interfaces: [] } : undefined),
    },
  });
  try {
    const schema = buildSchema(print(document));
    return validateSchema(schema).length === 0 ? schema : undefined;
  } catch {
    return undefined;
  }
}

const anyChange = fc
  .array(fc.nat({ max: 9 }), { minLength: 80, maxLength: 80 })
  .map(changed)
  .filter((after) => after !== undefined);

describe('whatever changed,', () => {
  const before = buildSchema(sound);

  test('what breaks by the rules of the reference implementation breaks here', () => {
    fc.assert(
      fc.property(anyChange, (after) => {
        const breaking = schemaChanges(before, after).filter((one) => one.criticality === 'breaking');
        // A scalar of GraphQL itself that nothing uses any more is no loss.
        const theirs = findBreakingChanges(before, after).filter(
          ({ description }) => !description.startsWith('Standard scalar'),
        );
        expect(breaking.length).toBeGreaterThanOrEqual(theirs.length);
      }),
    );
  });

  test('operations that no breaking change concerns stay valid', () => {
    let concerned = 0;
    fc.assert(
      fc.property(anyChange, randomOperations(before), (after, text) => {
        const document = parse(text);
        const operation = getOperationAST(document) as OperationDefinitionNode;
        const profile = profileOf(before, { document, operation });
        const judged = judgeChanges(schemaChanges(before, after), {
          recorded: [],
          registered: [{ client: 'any', ...profile }],
          isRecorded: true,
        });
        const broken = judged.filter(({ verdict }) => verdict === 'breaks').map(({ message }) => message);
        concerned += broken.length > 0 ? 1 : 0;
        const faults = broken.length > 0 ? [] : validate(after, document).map((error) => error.message);
        expect(faults).toEqual([]);
      }),
      { numRuns: 500 },
    );
    expect(concerned).toBeGreaterThan(0);
  });
});
