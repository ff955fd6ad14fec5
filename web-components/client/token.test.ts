import { expect, test } from 'vitest';
import { Failure } from './failure.ts';
import { TokenHolder, type TokenReason } from './token.ts';

function counting(): { holder: TokenHolder; reasons: TokenReason[] } {
  const reasons: TokenReason[] = [];
  const holder = new TokenHolder(async (reason) => {
    reasons.push(reason);
    return `token ${reasons.length}`;
  });
  return { holder, reasons };
}

test('requests that start together share one first token', async () => {
  const { holder, reasons } = counting();
  expect(await Promise.all([holder.current(), holder.current()])).toEqual(['token 1', 'token 1']);
  expect(reasons).toEqual(['init']);
});

test('requests that find the same token expired share one renewal, also the one that notices late', async () => {
  const { holder, reasons } = counting();
  const used = await holder.current();
  expect(await Promise.all([holder.after(used), holder.after(used)])).toEqual(['token 2', 'token 2']);
  expect(await holder.after(used)).toBe('token 2');
  expect(reasons).toEqual(['init', 'expired']);
});

test('a page that cannot give a token makes a typed failure, and is asked again the next time', async () => {
  let asked = 0;
  const holder = new TokenHolder(async () => {
    asked += 1;
    if (asked === 1) throw new Error('signed out');
    return 'token';
  });
  const failure = await holder.current().catch((thrown: unknown) => thrown);
  expect(failure).toBeInstanceOf(Failure);
  expect(failure).toMatchObject({ kind: 'unauthenticated', message: 'No session token: signed out' });
  expect(await holder.current()).toBe('token');
});
