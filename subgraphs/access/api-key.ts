import { randomBytes } from 'node:crypto';
import { scopesOf, type Role, type Scope } from '#kernel/actor';
import { sha256Hex } from '#kernel/canonical';
import type { Transaction } from '#kernel/command';
import { newId } from '#kernel/ids';

/** The views of the graph in which keys can ask, as they are stored and shown. */
export const keyViews = ['INTERNAL', 'PARTNER'] as const;

/** The view of a key. */
export type KeyView = (typeof keyViews)[number];

interface NewKey {
  readonly memberId: string;
  readonly name: string;
  readonly roles: readonly Role[];
  /** Left out, the key may do all that its member may. */
  readonly scopes?: readonly Scope[];
  /** Left out, the key sees the whole graph. */
  readonly view?: KeyView;
  readonly expiresAt?: string;
  /** Left out, the limit of all keys holds. */
  readonly costPerSecond?: number;
}

/**
 * Makes an API key `cf_<id>_<32 random bytes>` and stores its hash. A plain hash is enough: nobody can try 256 random
 * bits. The rights are those of the key and of its member's roles at the time of use, whichever are fewer.
 */
export async function makeApiKey(
  transaction: Transaction,
  key: NewKey,
): Promise<{ id: string; secret: string }> {
  const id = newId('key');
  const secret = `cf_${id.slice(4)}_${randomBytes(32).toString('base64url')}`;
  await transaction.insert('access.api_key', {
    id,
    member_id: key.memberId,
    name: key.name,
    prefix: `cf_${id.slice(4)}`,
    secret_hash: sha256Hex(secret),
    scopes: key.scopes ?? scopesOf(key.roles),
    view: key.view ?? 'INTERNAL',
    expires_at: key.expiresAt ?? null,
    cost_per_second: key.costPerSecond ?? null,
    created_at: transaction.now,
  });
  return { id, secret };
}
