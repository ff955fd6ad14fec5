import {
  GraphQLBoolean,
  GraphQLFloat,
  GraphQLID,
  GraphQLInt,
  GraphQLString,
  isEnumType,
  type GraphQLLeafType,
} from 'graphql';

/** Whether a value that a subgraph answered is one of the type. */
export type LeafCheck = (value: unknown) => boolean;

const wholeNumber = (value: unknown): boolean => typeof value === 'number' && isWhole(value);

const checks: Readonly<Record<string, LeafCheck>> = {
  [GraphQLString.name]: (value) => typeof value === 'string',
  [GraphQLID.name]: (value) => typeof value === 'string' || wholeNumber(value),
  [GraphQLInt.name]: wholeNumber,
  [GraphQLFloat.name]: (value) => typeof value === 'number' && Number.isFinite(value),
  [GraphQLBoolean.name]: (value) => typeof value === 'boolean',
};

/** The check of a type; undefined for scalars of which only their subgraphs know what they hold. */
export function leafCheck(type: GraphQLLeafType): LeafCheck | undefined {
  if (!isEnumType(type)) return checks[type.name];
  const names = new Set<unknown>(type.getValues().map((value) => value.name));
  return (value) => names.has(value);
}

/** Written without an exponent, as subgraphs must write it. */
function isWhole(value: number): boolean {
  return Number.isInteger(value) && Math.abs(value) < 1e21;
}
