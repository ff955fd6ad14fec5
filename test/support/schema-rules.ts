import {
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
} from 'graphql';

/** A place in a schema that breaks a convention, and which. */
export interface Violation {
  readonly where: string;
  readonly rule: string;
}

const federationNames = new Set(['_Any', '_Entity', '_Service', '_entities', '_service']);

/** All breaches of the conventions for the graph, in a subgraph's schema. */
export function violations(subgraph: string, schema: GraphQLSchema): Violation[] {
  const types = Object.values(schema.getTypeMap()).filter(
    (type) => !type.name.startsWith('__') && !federationNames.has(type.name) && !isBuiltIn(type.name),
  );
  return types
    .flatMap((type) => violationsOfType(schema, type))
    .map(({ where, rule }) => ({ where: `${subgraph}: ${where}`, rule }));
}

function isBuiltIn(name: string): boolean {
  return ['String', 'Int', 'Boolean', 'ID', 'Float'].includes(name);
}

function violationsOfType(schema: GraphQLSchema, type: GraphQLNamedType): Violation[] {
  const found: Violation[] = [];
  const breach = (where: string, rule: string) => found.push({ where, rule });
  const stub = isObjectType(type) && isStub(type);
  const extended = isObjectType(type) && type.getFields()['id']?.description === undefined;
  // An entity is described by the subgraph that owns it, not by those that add fields to it.
  if (!type.description && !stub && !(extended && isObjectType(type) && type.getFields()['id']))
    breach(type.name, 'every type has a description');
  if (type.name === 'JSON') breach(type.name, 'there is no JSON scalar');
  if (isEnumType(type)) {
    for (const value of type.getValues()) {
      if (!value.description) breach(`${type.name}.${value.name}`, 'every enum value has a description');
    }
  }
  if (isInputObjectType(type)) {
    for (const field of Object.values(type.getFields())) {
      if (!field.description) breach(`${type.name}.${field.name}`, 'every input field has a description');
    }
  }
  if (isObjectType(type) && !stub) {
    for (const field of Object.values(type.getFields()))
      found.push(...violationsOfField(schema, type, field));
  }
  return found;
}

/** An entity of another subgraph: nothing here but its id, or its id beside fields that are described. */
function isStub(type: GraphQLObjectType): boolean {
  return Object.keys(type.getFields()).join() === 'id';
}

type Field = GraphQLField<unknown, unknown>;

function violationsOfField(schema: GraphQLSchema, type: GraphQLObjectType, field: Field): Violation[] {
  if (federationNames.has(field.name)) return [];
  const found: Violation[] = [];
  const where = `${type.name}.${field.name}`;
  const breach = (rule: string) => found.push({ where, rule });
  const named = unwrap(field.type);
  // The owner of an entity describes its id; those who extend it repeat nothing.
  const repeatedId = field.name === 'id' && type.description === undefined;
  if (!field.description && !repeatedId) breach('every field has a description');
  for (const arg of field.args) {
    if (!arg.description) breach(`argument ${arg.name}: every argument has a description`);
  }
  if (named === 'Float') breach('there is no Float; amounts, rates and shares are Decimal');
  if (field.name.endsWith('On') && named !== 'Date') breach('a name that ends in On is a Date');
  if (field.name.endsWith('At') && named !== 'DateTime') breach('a name that ends in At is a DateTime');
  if (named === 'Date' && !/(On|from|to|on)$/.test(field.name)) breach('a Date has a name that ends in On');
  if (named === 'DateTime' && !field.name.endsWith('At')) breach('a DateTime has a name that ends in At');
  if (field.deprecationReason && !/\d{4}-\d{2}-\d{2}/.test(field.deprecationReason)) {
    breach('a deprecation carries a date');
  }
  if (type === schema.getMutationType()) found.push(...violationsOfMutation(schema, field));
  if (type === schema.getSubscriptionType()) found.push(...violationsOfSubscription(schema, field));
  // `Connection` itself is a connection to an accounting system, not a page of anything.
  if (/.Connection$/.test(named)) found.push(...violationsOfConnection(where, field));
  return found;
}

function violationsOfMutation(schema: GraphQLSchema, field: Field): Violation[] {
  const where = `Mutation.${field.name}`;
  const found: Violation[] = [];
  const title = `${field.name.charAt(0).toUpperCase()}${field.name.slice(1)}`;
  if (field.args.length !== 1 || field.args[0]?.name !== 'input') {
    found.push({ where, rule: 'a mutation has one argument, input' });
  }
  if (String(field.type) !== `${title}Payload`)
    found.push({ where, rule: `it answers a nullable ${title}Payload` });
  const payload = schema.getType(`${title}Payload`);
  const errors = isObjectType(payload) ? payload.getFields()['errors'] : undefined;
  if (String(errors?.type) !== '[UserError!]!')
    found.push({ where, rule: 'its payload has errors: [UserError!]!' });
  const input = schema.getType(`${title}Input`);
  if (!isInputObjectType(input) || !input.getFields()['idempotencyKey'] || !input.getFields()['dryRun']) {
    found.push({ where, rule: 'its input takes idempotencyKey and dryRun' });
  }
  return found;
}

function violationsOfSubscription(schema: GraphQLSchema, field: Field): Violation[] {
  const where = `Subscription.${field.name}`;
  const found: Violation[] = [];
  if (!field.name.endsWith('Changed')) found.push({ where, rule: 'a subscription is called xChanged' });
  if (!field.args.some((arg) => arg.name === 'after' && String(arg.type) === 'Cursor')) {
    found.push({ where, rule: 'it takes after: Cursor' });
  }
  const step = schema.getType(unwrap(field.type));
  const fields = isObjectType(step) ? step.getFields() : {};
  if (String(fields['cursor']?.type) !== 'Cursor!' || String(fields['occurredAt']?.type) !== 'DateTime!') {
    found.push({ where, rule: 'its event carries cursor and occurredAt' });
  }
  return found;
}

function violationsOfConnection(where: string, field: Field): Violation[] {
  const names = field.args.map((arg) => arg.name);
  const missing = ['first', 'after'].filter((name) => !names.includes(name));
  return missing.map((name) => ({ where, rule: `a connection takes ${name}` }));
}

function unwrap(type: GraphQLOutputType): string {
  if (isNonNullType(type) || isListType(type)) return unwrap(type.ofType as GraphQLOutputType);
  return type.name;
}
