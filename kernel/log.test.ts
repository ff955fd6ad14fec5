import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { createLog } from './log.ts';
import { localTokens } from './tokens.ts';

const key = `cf_0123456789abcdef_${randomBytes(32).toString('base64url')}`;

test('no line holds a credential, wherever it stands', async () => {
  const lines: string[] = [];
  const log = createLog('info', 'test', { write: (line) => void lines.push(line) });
  const { token } = await localTokens('a secret of at least thirty-two characters').issue(
    { kind: 'member', id: 'mem_1', name: 'Ana', organisationId: 'org_1', scopes: [], source: 'api' },
    60,
  );
  for (const secret of [key, token]) {
    log.info({ headers: { authorization: `Bearer ${secret}` } }, `asked with ${secret}`);
    log.error({ err: new Error(`no ${secret}`, { cause: new Error(secret) }) }, 'failed');
    log.info({ url: `/graphql?x=${encodeURIComponent(secret)}&y=1` });
  }
  expect(lines).toHaveLength(6);
  for (const line of lines) {
    expect(JSON.parse(line)).toMatchObject({ name: 'test' });
    expect(line).toContain('(credential)');
    for (const secret of [key, token]) expect(line).not.toContain(secret.slice(-15));
  }
});

test('what only looks a little like one stays', () => {
  const lines: string[] = [];
  createLog('info', 'test', { write: (line) => void lines.push(line) }).info({
    id: 'key_01',
    prefix: 'cf_01abc',
  });
  expect(lines[0]).toContain('"cf_01abc"');
});
