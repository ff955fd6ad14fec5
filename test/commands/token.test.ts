import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { localTokens } from '#kernel/tokens';

const main = join(import.meta.dirname, '../../main.ts');
const secret = 'a secret of the token test, long enough to be taken';
const env = { ...process.env, CROSSFOOT_SECRET: secret };

test('the operator makes a token that may open organisations and nothing else', async () => {
  const token = execFileSync(process.execPath, [main, 'token'], { env }).toString().trim();
  expect(await localTokens(secret).verify(token)).toMatchObject({
    kind: 'platform',
    organisationId: 'platform',
    scopes: ['platform:admin'],
  });
});

test('a lifetime that is none is refused with what to give', () => {
  const refused = spawnSync(process.execPath, [main, 'token', '--hours', 'forever'], { env });
  expect(refused.status).toBe(1);
  expect(refused.stderr.toString()).toContain('up to 24 hours');
});
