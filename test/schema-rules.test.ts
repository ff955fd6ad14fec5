import { buildSchema } from 'graphql';
import { expect, test } from 'vitest';
import { violations } from './support/schema-rules.ts';

/** A schema that keeps every convention; each case below breaks one. */
const sound = `
"An amount." type Money { "Exact." amount: String! }
"Wrong." type UserError { "Code." code: String! }
"Place." scalar Cursor
"Instant." scalar DateTime
"Day." scalar Date
"Read." type Query { "One." thing("Its id." id: ID!): Thing }
"A thing." type Thing { "Id." id: ID! "Day." dueOn: Date }
"Write." type Mutation { "Makes." makeThing("Input." input: MakeThingInput!): MakeThingPayload }
"Input." input MakeThingInput { "Name." name: String! "Key." idempotencyKey: String "Dry." dryRun: Boolean }
"Payload." type MakeThingPayload { "It." thing: Thing "Wrong." errors: [UserError!]! }
"Live." type Subscription { "Changes." thingChanged("Resume." after: Cursor): ThingChanged! }
"A change." type ThingChanged { "Resume." cursor: Cursor! "When." occurredAt: DateTime! }
`;

const rulesBroken = (sdl: string) => violations('x', buildSchema(sdl)).map((violation) => violation.rule);

test('a sound schema breaks nothing', () => {
  expect(rulesBroken(sound)).toEqual([]);
});

test.each([
  ['"A thing." type Thing', 'type Thing', 'every type has a description'],
  ['"Day." dueOn', 'dueOn', 'every field has a description'],
  ['("Its id." id: ID!)', '(id: ID!)', 'argument id: every argument has a description'],
  ['"Name." name', 'name', 'every input field has a description'],
  ['"Day." dueOn: Date', '"Day." dueOn: String', 'a name that ends in On is a Date'],
  ['"Day." dueOn: Date', '"Day." due: Date', 'a Date has a name that ends in On'],
  [
    '"Exact." amount: String!',
    '"Exact." amount: Float!',
    'there is no Float; amounts, rates and shares are Decimal',
  ],
  ['"When." occurredAt: DateTime!', '"When." occurredAt: String!', 'a name that ends in At is a DateTime'],
  ['("Input." input: MakeThingInput!)', '("Name." name: String!)', 'a mutation has one argument, input'],
  [': MakeThingPayload }', ': Thing }', 'it answers a nullable MakeThingPayload'],
  [
    '"Wrong." errors: [UserError!]!',
    '"Wrong." errors: [UserError!]',
    'its payload has errors: [UserError!]!',
  ],
  ['"Key." idempotencyKey: String', '', 'its input takes idempotencyKey and dryRun'],
  ['("Resume." after: Cursor)', '', 'it takes after: Cursor'],
  ['"Resume." cursor: Cursor!', '"Resume." cursor: String!', 'its event carries cursor and occurredAt'],
  ['thingChanged(', 'thingMoved(', 'a subscription is called xChanged'],
  ['"Day." dueOn: Date', '"Old." old: String @deprecated(reason: "soon")', 'a deprecation carries a date'],
])('planting %s -> %s is found', (from, to, rule) => {
  expect(sound).toContain(from);
  expect(rulesBroken(sound.replace(from, to))).toContain(rule);
});
