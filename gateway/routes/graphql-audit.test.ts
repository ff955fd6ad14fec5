import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSmallPlatform, type SmallPlatform } from '../fixtures/small-platform.ts';

/** GraphQL over HTTP, checked by the audit of its reference implementation against the gateway's own route. */
let platform: SmallPlatform;
let bearer: string;

beforeAll(async () => {
  platform = await startSmallPlatform();
  bearer = await platform.token();
});
afterAll(() => platform.stop());

/** The audit knows nothing of tokens; without one nothing is answered. */
const fetchWithToken: typeof fetch = (input, init) => {
  const headers = new Headers(init?.headers);
  headers.set('authorization', `Bearer ${bearer}`);
  return fetch(input, { ...init, headers });
};

const audits = serverAudits({ url: () => `${platform.url}/graphql`, fetchFn: fetchWithToken });

/** What a server may do and ours does not: a GET without any header of its own could come from a foreign page. */
const refused = [
  'MAY accept application/x-www-form-urlencoded formatted GET requests',
  'MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting application/graphql-response+json',
  'MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting application/json',
];
const named = (level: string) =>
  audits.filter(({ name }) => name.startsWith(level)).map((audit) => [audit.name, audit] as const);

describe('GraphQL over HTTP', () => {
  test.each([...named('MUST'), ...named('SHOULD'), ...named('MAY')])('%s', async (name, audit) => {
    const result = await audit.fn();
    const reason = result.status === 'ok' ? 'ok' : result.reason;
    expect(reason).toBe(refused.includes(name) ? 'Response status code is not 200' : 'ok');
  });

  test('the audit is whole', () => {
    const counts = ['MUST', 'SHOULD', 'MAY'].map((level) => named(level).length);
    expect(counts).toEqual([13, 23, 25]);
    expect(audits).toHaveLength(61);
  });

  test.each([
    ['{ viewerName', 'GRAPHQL_PARSE_FAILED'],
    ['{ nothing }', 'GRAPHQL_VALIDATION_FAILED'],
  ])('an older client reads of the fault in %s behind status 200, another gets 400', async (query, code) => {
    const older = await platform.ask(query, { headers: { accept: 'application/json' } });
    expect(older).toMatchObject({ status: 200, body: { errors: [{ extensions: { code } }] } });
    const accept = 'application/graphql-response+json, application/json;q=0.9';
    const newer = await platform.ask(query, { headers: { accept } });
    expect(newer).toMatchObject({ status: 400, body: { errors: [{ extensions: { code } }] } });
  });

  test('what is refused for another reason keeps its status, whoever asks', async () => {
    const headers = { accept: 'application/json' };
    expect((await platform.ask('{ viewerName }', { headers, token: null })).status).toBe(401);
    const names = Array.from({ length: 60 }, (_, index) => `a${index}: viewerName`);
    const tooComplex = await platform.ask(`{ ${names.join(' ')} }`, { headers });
    expect(tooComplex).toMatchObject({
      status: 400,
      body: { errors: [{ extensions: { code: 'OPERATION_TOO_COMPLEX' } }] },
    });
  });
});
