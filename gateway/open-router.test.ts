import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createLog } from '#kernel/log';
import { anybody, federate, type Federation } from './fixtures/federation.ts';
import { startOpenRouter, type OpenRouter } from './open-router.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

function shop(): Federation {
  return federate({
    goods: {
      typeDefs: `
        type Query { goods: [Good!]! }
        type Mutation { sell(code: String!): Good }
        type Good @key(fields: "code") { code: String! name: String! }
      `,
      resolvers: {
        Query: { goods: () => [{ code: 'a', name: 'Apple' }] },
        Mutation: { sell: () => null },
      },
    },
    prices: {
      typeDefs: 'type Good @key(fields: "code") { code: String! price(times: Int! = 1): Int }',
      resolvers: { Good: { price: (_: unknown, { times }: { times: number }) => 5 * times } },
    },
  });
}

interface Subgraph {
  readonly url: string;
  readonly headers: NodeJS.Dict<string | string[]>[];
}

/** A plain GraphQL server before a source in memory. */
async function served(source: Federation['sources'][string]): Promise<Subgraph> {
  const headers: Subgraph['headers'] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    headers.push(request.headers);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString()) as { query: string };
    const result = await source.execute({ ...body, actor: anybody });
    response.setHeader('content-type', 'application/json').end(JSON.stringify(result));
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => new Promise((resolve) => server.close(resolve)));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`, headers };
}

async function router(
  federation: Federation,
): Promise<OpenRouter & { subgraphs: readonly Subgraph[]; sdl: string }> {
  let sdl = federation.supergraphSdl;
  const subgraphs: Subgraph[] = [];
  for (const [name, source] of Object.entries(federation.sources)) {
    const subgraph = await served(source);
    subgraphs.push(subgraph);
    sdl = sdl.replace(`http://${name}.subgraph`, subgraph.url);
  }
  const config = { port: 0, host: '127.0.0.1', allowedOrigins: [] };
  const started = await startOpenRouter({ config, log: createLog('silent', 'test'), supergraphSdl: sdl });
  closing.unshift(() => started.stop());
  return { ...started, subgraphs, sdl };
}

async function ask(url: string, query: string, variables?: object): Promise<Record<string, unknown>> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as Record<string, unknown>;
  return { data, ...(errors ? { errors } : {}) };
}

test('any supergraph is served by its file alone, without a token, at the URLs in it', async () => {
  const { url, subgraphs } = await router(shop());
  const text = 'query ($times: Int!) { goods { name price(times: $times) } }';
  const answer = { data: { goods: [{ name: 'Apple', price: 10 }] } };
  expect(await ask(url, text, { times: 2 })).toEqual(answer);
  expect(await ask(url, text, { times: 2 })).toEqual(answer);
  expect(subgraphs.map(({ headers }) => headers.length)).toEqual([2, 2]);
  expect(
    Object.keys(subgraphs[0]?.headers[0] ?? {}).filter((name) => name.startsWith('x-crossfoot')),
  ).toEqual([]);
});

test('errors of its subgraphs are shown as they are', async () => {
  const federation = shop();
  const { url } = await router(federation);
  const error = { message: 'no such good', path: ['sell'], extensions: { code: 'SOLD_OUT', left: 0 } };
  federation.sources['goods']!.change = () => ({ data: { sell: null }, errors: [error as never] });
  const text = 'mutation { sell(code: "x") { name } }';
  for (const _round of ['through Apollo Server', 'past it']) {
    expect(await ask(url, text)).toMatchObject({
      data: { sell: null },
      errors: [{ message: 'no such good', path: ['sell'], extensions: { code: 'SOLD_OUT', left: 0 } }],
    });
  }
});

test('a subgraph that is down is named, and faulty operations are refused with the codes clients know', async () => {
  const { url, sdl, replace } = await router(shop());
  replace(sdl.replace(/(PRICES .*url: )"[^"]*"/, '$1"http://127.0.0.1:9/graphql"'));
  expect(await ask(url, '{ goods { name price } }')).toMatchObject({
    data: { goods: [{ name: 'Apple', price: null }] },
    errors: [{ message: 'The subgraph prices does not answer', extensions: { code: 'UNAVAILABLE' } }],
  });
  expect(await ask(url, '{ nothing }')).toMatchObject({
    errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
  });
});

test('another supergraph replaces the one in force, and a broken one does not', async () => {
  const { url, sdl, replace } = await router(shop());
  expect(await ask(url, '{ goods { name } }')).toMatchObject({ data: {} });
  replace(
    sdl.replace(
      / {2}name: String!.*\n/,
      '  name: String! @join__field(graph: GOODS)\n  label: String @join__field(graph: GOODS)\n',
    ),
  );
  expect(await ask(url, '{ __type(name: "Good") { fields { name } } }')).toMatchObject({
    data: { __type: { fields: expect.arrayContaining([{ name: 'label' }]) } },
  });
  expect(() => replace('type Query { a: Int }')).toThrow('supergraph');
  expect(await ask(url, '{ goods { name } }')).toEqual({ data: { goods: [{ name: 'Apple' }] } });
});

test('a supergraph that does not say where a subgraph answers is refused by the name of that subgraph', async () => {
  const { supergraphSdl } = shop();
  const config = { port: 0, host: '127.0.0.1', allowedOrigins: [] };
  const sdl = supergraphSdl.replace('"http://prices.subgraph"', '""');
  await expect(
    startOpenRouter({ config, log: createLog('silent', 'test'), supergraphSdl: sdl }),
  ).rejects.toThrow(/prices/);
});
