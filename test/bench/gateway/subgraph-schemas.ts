import { parse, type DocumentNode } from 'graphql';

/** One of the small subgraphs that every gateway stands before. */
export interface SmallSubgraph {
  readonly name: string;
  /** In the words of the first version of federation, which every peer understands. */
  readonly typeDefs: DocumentNode;
  readonly resolvers: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

interface Reference {
  readonly id: string;
}

const number = ({ id }: Reference): number => Number(id.slice(id.indexOf('_') + 1));
const statuses = ['MATCHED', 'SUGGESTED', 'OPEN'];

const transaction = (index: number) => ({
  id: `trx_${index}`,
  bookedOn: `2026-03-${String((index % 28) + 1).padStart(2, '0')}`,
  amount: `${index * 17}.${String(index % 100).padStart(2, '0')}`,
  currency: 'EUR',
  description: `Payment ${index} for deliveries of the month`,
  vendor: { __typename: 'Vendor', id: `ven_${index % 8}` },
});

const vendor = (reference: Reference) => ({
  id: reference.id,
  name: `Vendor ${number(reference)}`,
  country: 'AT',
  category: 'Office supplies',
  paymentTermsDays: 14 + number(reference),
});

const match = (reference: Reference) => {
  const index = number(reference);
  return {
    id: `mat_${index}`,
    score: 90 + (index % 10),
    status: statuses[index % statuses.length],
    lines: [0, 1].map((line) => ({ account: `${4000 + line}`, amount: `${index * 8}.50` })),
  };
};

/** Transactions refer to vendors; matches add to both. Answers depend on nothing but the request. */
export const smallSubgraphs: readonly SmallSubgraph[] = [
  {
    name: 'transactions',
    typeDefs: parse(`
      extend type Query { transactions(first: Int!): [Transaction!]!  transaction(id: ID!): Transaction }
      type Transaction @key(fields: "id") {
        id: ID!  bookedOn: String!  amount: String!  currency: String!  description: String!  vendor: Vendor!
      }
      extend type Vendor @key(fields: "id") { id: ID! @external }
    `),
    resolvers: {
      Query: {
        transactions: (_: unknown, { first }: { first: number }) =>
          Array.from({ length: first }, (_item, index) => transaction(index + 1)),
        transaction: (_: unknown, reference: Reference) => transaction(number(reference)),
      },
      Transaction: { __resolveReference: (reference: Reference) => transaction(number(reference)) },
    },
  },
  {
    name: 'vendors',
    typeDefs: parse(`
      extend type Query { vendor(id: ID!): Vendor }
      type Vendor @key(fields: "id") {
        id: ID!  name: String!  country: String!  category: String!  paymentTermsDays: Int!
      }
    `),
    resolvers: {
      Query: { vendor: (_: unknown, reference: Reference) => vendor(reference) },
      Vendor: { __resolveReference: vendor },
    },
  },
  {
    name: 'matches',
    typeDefs: parse(`
      extend type Query { matchedCount: Int! }
      extend type Transaction @key(fields: "id") { id: ID! @external  match: Match! }
      extend type Vendor @key(fields: "id") { id: ID! @external  openItems: Int! }
      type Match { id: ID!  score: Int!  status: String!  lines: [MatchLine!]! }
      type MatchLine { account: String!  amount: String! }
    `),
    resolvers: {
      Query: { matchedCount: () => 100 },
      Transaction: { match },
      Vendor: { openItems: number },
    },
  },
];
