import { createHash } from 'node:crypto';

/** One operation that every gateway answers. */
export interface BenchOperation {
  readonly name: string;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Sent by the hash of its text instead of the text. */
  readonly persisted: boolean;
}

const feed = `query Feed($first: Int!) {
  transactions(first: $first) {
    id bookedOn amount currency description
    vendor { id name country category openItems }
    match { id score status lines { account amount } }
  }
}`;

/** The operations, from the smallest. */
export const benchOperations: readonly BenchOperation[] = [
  {
    name: 'one-subgraph read',
    query: 'query Vendor($id: ID!) { vendor(id: $id) { id name country paymentTermsDays } }',
    variables: { id: 'ven_7' },
    persisted: false,
  },
  {
    name: 'two-subgraph read',
    query: 'query Payment($id: ID!) { transaction(id: $id) { id amount vendor { id name } } }',
    variables: { id: 'trx_7' },
    persisted: false,
  },
  { name: 'three-subgraph query', query: feed, variables: { first: 25 }, persisted: false },
  {
    name: 'list of 100 entities',
    query: 'query List($first: Int!) { transactions(first: $first) { id amount match { score status } } }',
    variables: { first: 100 },
    persisted: false,
  },
  { name: 'persisted operation', query: feed, variables: { first: 25 }, persisted: true },
];

/** The body of a request for an operation; the first one of a persisted operation carries the text as well. */
export function bodyOf(operation: BenchOperation, options: { readonly first: boolean }): string {
  const { query, variables, persisted } = operation;
  if (!persisted) return JSON.stringify({ query, variables });
  const extensions = { persistedQuery: { version: 1, sha256Hash: hashOf(query) } };
  return JSON.stringify({ ...(options.first && { query }), variables, extensions });
}

/** The texts of the persisted operations by their hashes, for gateways that must know them from the start. */
export function persistedTexts(): Readonly<Record<string, string>> {
  const persisted = benchOperations.filter((one) => one.persisted);
  return Object.fromEntries(persisted.map(({ query }) => [hashOf(query), query]));
}

/** The name under which Apollo's protocol of persisted queries knows a text. */
function hashOf(query: string): string {
  return createHash('sha256').update(query).digest('hex');
}
