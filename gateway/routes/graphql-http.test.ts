import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { CrossfootError, remedies } from '#kernel/errors';
import { startSmallPlatform, type SmallPlatform } from '../fixtures/small-platform.ts';

let platform: SmallPlatform;

beforeAll(async () => {
  platform = await startSmallPlatform();
  platform.data.vendors.set('ven_1', { id: 'ven_1', name: 'Acme' });
  platform.data.entries.set('je_1', { id: 'je_1', number: 'JE-1', vendorId: 'ven_1' });
});
afterAll(() => platform.stop());
beforeEach(() => {
  for (const source of Object.values(platform.sources)) {
    source.before = () => undefined;
    source.asked.length = 0;
  }
});

async function get(path: string, headers: Record<string, string> = {}): Promise<Response> {
  const authorization = `Bearer ${await platform.token()}`;
  return fetch(`${platform.url}${path}`, { headers: { authorization, ...headers } });
}

test('one query is answered by two subgraphs on behalf of its sender', async () => {
  const answer = await platform.ask('{ viewerName journalEntry(id: "je_1") { number vendor { name } } }');
  expect(answer).toMatchObject({
    status: 200,
    body: { data: { viewerName: 'Ana', journalEntry: { number: 'JE-1', vendor: { name: 'Acme' } } } },
  });
  expect(answer.body.errors).toBeUndefined();
  expect(platform.sources.vendors.asked[0]?.actor).toMatchObject({ name: 'Ana', organisationId: 'org_1' });
});

test('one trace id is in the header, the answer and the actor every subgraph gets', async () => {
  const answer = await platform.ask('{ viewerTrace }');
  const trace = answer.headers.get('x-trace-id');
  expect(trace).toMatch(/^[0-9a-f]{32}$/);
  expect(answer.body).toEqual({
    data: { viewerTrace: trace },
    extensions: { traceId: trace, cost: { requested: 1, limit: 100_000 } },
  });
});

test('a trace begun by the caller goes on', async () => {
  const id = 'abcdef0123456789abcdef0123456789';
  const answer = await platform.ask('{ viewerTrace }', {
    headers: { traceparent: `00-${id}-0123456789abcdef-01` },
  });
  expect(answer.body.data).toEqual({ viewerTrace: id });
});

test('a fault of ours tells its code and trace, not its cause', async () => {
  const answer = await platform.ask('{ broken }');
  expect(answer.body.errors).toEqual([
    {
      message: 'Something went wrong on our side',
      path: ['broken'],
      extensions: {
        code: 'INTERNAL',
        remedy: remedies.INTERNAL,
        traceId: answer.headers.get('x-trace-id'),
      },
    },
  ]);
  expect(JSON.stringify(answer.body)).not.toMatch(/secret|stack|\.ts|serviceName/);
});

test('what the caller can put right keeps its code, message and remedy', async () => {
  const answer = await platform.ask('{ refused viewerName }');
  expect(answer.status).toBe(200);
  expect(answer.body).toMatchObject({
    data: { refused: null, viewerName: 'Ana' },
    errors: [
      {
        message: 'January is closed',
        path: ['refused'],
        extensions: { code: 'PERIOD_CLOSED', remedy: remedies.PERIOD_CLOSED },
      },
    ],
  });
});

test('a hole the executor makes for a value of the wrong shape is an error, not silence', async () => {
  platform.data.entries.set('je_hole', { id: 'je_hole', number: null, vendorId: 'ven_1' });
  // The subgraph of this test answers null for a non-null field without an error of its own.
  const executing = vi.spyOn(platform.sources.transactions, 'execute');
  executing.mockResolvedValueOnce({ data: { journalEntry: { number: null } } });
  const answer = await platform.ask('{ journalEntry(id: "je_hole") { number } }');
  executing.mockRestore();
  expect(answer.body.data).toEqual({ journalEntry: null });
  expect(answer.body.errors).toMatchObject([
    { path: ['journalEntry', 'number'], extensions: { code: 'INTERNAL' } },
  ]);
  expect(answer.body.extensions).not.toHaveProperty('valueCompletion');
});

test('a subgraph that does not answer costs its own fields only', async () => {
  platform.sources.vendors.before = () => {
    throw new CrossfootError('UNAVAILABLE', 'The part of the platform that keeps vendors does not answer');
  };
  const answer = await platform.ask('{ journalEntry(id: "je_1") { number vendor { name } } }');
  expect(answer.body).toMatchObject({
    data: { journalEntry: { number: 'JE-1', vendor: null } },
    errors: [{ extensions: { code: 'UNAVAILABLE', remedy: remedies.UNAVAILABLE } }],
  });
});

test('headers that speak for the gateway are dropped', async () => {
  const answer = await platform.ask('{ viewerName }', {
    token: null,
    headers: { 'x-crossfoot-context': 'eyJhY3RvciI6e319', 'x-crossfoot-signature': 'x' },
  });
  expect(answer.status).toBe(401);
});

test.each([
  ['syntax', '{ viewerName', 'GRAPHQL_PARSE_FAILED'],
  ['an unknown field', '{ nothing }', 'GRAPHQL_VALIDATION_FAILED'],
  ['a field for the gateway alone', '{ keyActor(secretHash: "x") { actor } }', 'GRAPHQL_VALIDATION_FAILED'],
  ['entities', '{ _entities(representations: []) { __typename } }', 'GRAPHQL_VALIDATION_FAILED'],
  ['the subgraph language', '{ _service { sdl } }', 'GRAPHQL_VALIDATION_FAILED'],
  [
    'two operations without a name',
    'query A { viewerName } query B { viewerName }',
    'OPERATION_RESOLUTION_FAILURE',
  ],
])('%s is refused with 400 and a code', async (_what, query, code) => {
  const answer = await platform.ask(query);
  expect(answer.status).toBe(400);
  expect(answer.body.errors?.[0]?.extensions).toEqual({
    code,
    remedy: expect.stringMatching(/\w/),
    traceId: answer.headers.get('x-trace-id'),
  });
});

test('variables of a wrong type are refused with 400', async () => {
  const query = 'query ($id: ID!) { journalEntry(id: $id) { number } }';
  const answer = await platform.ask(query, { variables: { id: { not: 'an id' } } });
  expect(answer).toMatchObject({
    status: 400,
    body: { errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] },
  });
});

test.each([
  ['a list of operations', 'application/json', '[{"query":"{ viewerName }"}]'],
  ['no JSON', 'application/json', '{"query": '],
  ['a form', 'application/x-www-form-urlencoded', 'query={viewerName}'],
  ['plain text', 'text/plain', '{"query":"{ viewerName }"}'],
  ['a prototype', 'application/json', '{"query":"{ viewerName }","__proto__":{"a":1}}'],
])('%s as body is refused', async (_what, type, body) => {
  const response = await fetch(`${platform.url}/graphql`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await platform.token()}`, 'content-type': type },
    body,
  });
  expect([400, 415]).toContain(response.status);
  const { errors } = (await response.json()) as { errors: { extensions: object }[] };
  expect(errors[0]?.extensions).toMatchObject({ code: 'BAD_REQUEST', traceId: expect.any(String) });
});

test('a body above one megabyte is refused with 413', async () => {
  const answer = await platform.ask(`{ viewerName } # ${'x'.repeat(1024 * 1024)}`);
  expect(answer.status).toBe(413);
  expect(answer.body.errors?.[0]?.extensions.code).toBe('OPERATION_TOO_COMPLEX');
});

test('GET answers queries of clients that show they are no form, and never mutations', async () => {
  const query = (text: string) => `/graphql?query=${encodeURIComponent(text)}`;
  const preflighted = { 'apollo-require-preflight': '1' };
  const answered = await get(query('{ viewerName }'), preflighted);
  expect(await answered.json()).toMatchObject({ data: { viewerName: 'Ana' } });
  expect((await get(query('{ viewerName }'))).status).toBe(400);
  expect((await get(query('mutation { rename(to: "x") }'), preflighted)).status).toBe(405);
});

test('introspection works for whoever has shown a token', async () => {
  const answer = await platform.ask('{ __schema { queryType { name } } }');
  expect(answer.body.data).toEqual({ __schema: { queryType: { name: 'Query' } } });
});

test('liveness says that the process runs, readiness that all parts answer', async () => {
  expect((await fetch(`${platform.url}/livez`)).status).toBe(200);
  const ready = await fetch(`${platform.url}/readyz`);
  expect(await ready.json()).toEqual({
    status: 'ok',
    parts: { database: true, access: true, transactions: true, vendors: true },
  });
  platform.sources.vendors.healthy = false;
  const unready = await fetch(`${platform.url}/readyz`);
  platform.sources.vendors.healthy = true;
  expect(unready.status).toBe(503);
  expect(await unready.json()).toMatchObject({ status: 'unavailable', parts: { vendors: false } });
});

test('operations are counted by type and outcome', async () => {
  const figure = async (labels: string): Promise<number> => {
    const text = await (await fetch(`${platform.url}/metrics`)).text();
    const line = text.split('\n').find((one) => one.startsWith(`crossfoot_operations_total{${labels}}`));
    return Number(line?.split(' ')[1] ?? 0);
  };
  const labels = [
    'type="query",outcome="ok"',
    'type="query",outcome="errors"',
    'type="mutation",outcome="ok"',
    'type="none",outcome="refused"',
  ];
  const before = await Promise.all(labels.map(figure));
  await platform.ask('{ viewerName }');
  await platform.ask('{ refused viewerName }');
  await platform.ask('mutation { rename(to: "x") }');
  await platform.ask('{ viewerName }', { token: null });
  const after = await Promise.all(labels.map(figure));
  expect(after.map((value, index) => value - (before[index] ?? 0))).toEqual([1, 1, 1, 1]);
});

test('an unknown address is answered in the same shape', async () => {
  const response = await fetch(`${platform.url}/nowhere`);
  expect(response.status).toBe(404);
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
});

test('pages of other origins may call only when the operator lists them', async () => {
  const listed = 'https://portal.example';
  const open = await startSmallPlatform({
    config: {
      port: 0,
      host: '127.0.0.1',
      oidc: undefined,
      uploadLimitBytes: 1024,
      allowedOrigins: [listed],
    },
  });
  const preflight = async (origin: string) =>
    (
      await fetch(`${open.url}/graphql`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST' },
      })
    ).headers;
  expect((await preflight(listed)).get('access-control-allow-origin')).toBe(listed);
  expect((await preflight(listed)).get('access-control-allow-headers')).toContain('authorization');
  expect((await preflight('https://elsewhere.example')).get('access-control-allow-origin')).toBeNull();
  await open.stop();
});
