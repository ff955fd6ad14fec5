import { createServer } from 'node:http';
import { Pool } from 'undici';
import { postText } from '../../../gateway/sources/post-text.ts';

// What is left of a gateway when all GraphQL is taken away: Node's server, undici as we
// use it, the same bytes.
const urls = JSON.parse(process.env['SUBGRAPHS'] ?? '{}') as Readonly<Record<string, string>>;
const pools = new Map(
  Object.entries(urls).map(([name, url]) => [name, new Pool(new URL(url).origin, { connections: 32 })]),
);

async function ask<Data>(subgraph: string, query: string, variables: object): Promise<Data> {
  const pool = pools.get(subgraph);
  if (!pool) throw new Error(`There is no subgraph ${subgraph}`);
  const { text } = await postText(pool, {
    path: '/graphql',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  return (JSON.parse(text) as { data: Data }).data;
}

interface Payment {
  readonly transaction: { readonly id: string; readonly amount: string; vendor: object };
}

async function payment(variables: object): Promise<object> {
  const first = 'query($id:ID!){transaction(id:$id){id amount vendor{__typename id}}}';
  const { transaction } = await ask<Payment>('transactions', first, variables);
  const second = 'query($r:[_Any!]!){_entities(representations:$r){...on Vendor{id name}}}';
  const { _entities } = await ask<{ _entities: object[] }>('vendors', second, { r: [transaction.vendor] });
  transaction.vendor = { ..._entities[0] };
  return { transaction };
}

const vendor = 'query($id:ID!){vendor(id:$id){id name country paymentTermsDays}}';

createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { query, variables } = JSON.parse(Buffer.concat(chunks).toString()) as {
      query: string;
      variables: object;
    };
    const answer = query.includes('transaction(')
      ? payment(variables)
      : query.includes('vendor(')
        ? ask<object>('vendors', vendor, variables)
        : Promise.resolve({ __typename: 'Query' });
    void answer.then((data) => {
      const body = Buffer.from(JSON.stringify({ data }));
      response
        .writeHead(200, { 'content-type': 'application/json', 'content-length': body.length })
        .end(body);
    });
  });
}).listen(Number(process.env['PORT']), '127.0.0.1');
