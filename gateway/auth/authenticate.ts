import type { IncomingMessage } from 'node:http';
import { decodeJwt } from 'jose';
import type { Actor } from '#kernel/actor';
import { sha256Hex } from '#kernel/canonical';
import type { Config } from '#kernel/config';
import { CrossfootError } from '#kernel/errors';
import type { DomainEvent } from '#kernel/events';
import type { Tokens } from '#kernel/tokens';
import { rememberingMap } from '../operations/remembering-map.ts';
import type { SubgraphSource } from '../sources/subgraph-source.ts';
import { createApiKeys } from './api-keys.ts';
import { clientAddress } from './client-address.ts';
import { createFailedAttempts } from './failed-attempts.ts';
import { createMemberRights } from './member-rights.ts';
import { oidcProviders } from './oidc.ts';

const rememberedTokens = 20_000;
/** What was valid is looked at again after so long, because a provider may take its keys away. */
const rememberedMilliseconds = 60_000;

/** The request with which a credential is shown: where it comes from decides, too. */
export type ShownBy = Pick<IncomingMessage, 'headers' | 'socket'>;

/** Finds out who sends a request. */
export interface Authenticator {
  /**
   * The actor behind an `Authorization` header or what a socket's first message says instead; throws UNAUTHENTICATED
   * for none and for anything that is not live, RATE_LIMITED for an address that has tried too many.
   */
  authenticate(authorization: unknown, request: ShownBy): Promise<Actor>;
  /** Forgets what an event has overtaken. */
  noticed(event: DomainEvent): void;
}

interface AuthenticatorOptions extends Partial<Pick<Config, 'oidc' | 'trustedProxies'>> {
  /** Knows the API keys. */
  readonly access: SubgraphSource;
  readonly tokens: Tokens;
  /** The clock in milliseconds. */
  readonly now?: () => number;
}

interface Remembered {
  readonly actor: Actor;
  readonly until: number;
  /** Which changes of members were known when it was verified. */
  readonly mark: number;
}

/** Takes API keys, this installation's own tokens and, when configured, those of OpenID providers. */
export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  const { now = Date.now } = options;
  const keys = createApiKeys(options.access, now);
  const providers = options.oidc && oidcProviders(options.oidc, now);
  const addressOf = clientAddress(options.trustedProxies ?? []);
  const attempts = createFailedAttempts(now);
  const valid = rememberingMap<string, Remembered>(rememberedTokens);

  const rights = createMemberRights(options.access);

  const verified = async (token: string, hash: string): Promise<Remembered> => {
    // Readers of base64url forgive stray characters, which would make one token many.
    if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) throw notValid();
    const provider = providers?.get(issuerOf(token) ?? '');
    const actor = await (provider ?? options.tokens).verify(token);
    const until = Math.min(actor.expiresAt ?? Infinity, now() + rememberedMilliseconds);
    // What a session was given may be more than its member is allowed by now.
    const mark = await rights.check(actor);
    return valid.keep(hash, { actor, until, mark });
  };
  const actorOf = async (token: string, request: ShownBy): Promise<Actor> => {
    const hash = sha256Hex(token);
    const isKey = token.startsWith('cf_');
    const known = isKey ? undefined : valid.get(hash);
    if (known && known.until > now() && !rights.changedSince(known.actor, known.mark)) return known.actor;
    // Who has shown that it is good is not held up by others who try from the same address.
    const address = isKey && keys.recognises(hash) ? undefined : addressOf(request);
    if (address !== undefined) attempts.check(address);
    try {
      return isKey ? await keys.actorOf(hash) : (await verified(token, hash)).actor;
    } catch (error) {
      const refused = error instanceof CrossfootError && error.code === 'UNAUTHENTICATED';
      if (refused && address !== undefined) attempts.failed(address);
      throw error;
    }
  };
  return {
    noticed(event) {
      keys.noticed(event);
      rights.noticed(event);
    },
    async authenticate(authorization, request) {
      const actor = await actorOf(bearerOf(authorization), request);
      refuseOtherOrigins(actor, request);
      return actor;
    },
  };
}

function bearerOf(authorization: unknown): string {
  if (typeof authorization !== 'string' || authorization === '') {
    throw new CrossfootError('UNAUTHENTICATED', 'The request carries no token');
  }
  const token = /^Bearer +([^\s]{1,8000})$/i.exec(authorization)?.[1];
  if (!token) {
    throw new CrossfootError(
      'UNAUTHENTICATED',
      'The Authorization header is not of the form "Bearer <token>"',
    );
  }
  return token;
}

/** Who claims to have made a token; only decides which keys it is then checked with. */
function issuerOf(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch {
    return undefined;
  }
}

/**
 * A token for one portal's pages is of no use on another's: browsers say truthfully which page sends. They leave it out
 * of what a page fetches from its own origin with GET, and say that instead.
 */
function refuseOtherOrigins({ embed }: Actor, { headers }: ShownBy): void {
  if (embed?.origin === undefined || headers.origin === embed.origin) return;
  const own = headers.origin === undefined && headers['sec-fetch-site'] === 'same-origin';
  if (own && headers.host === new URL(embed.origin).host) return;
  throw new CrossfootError('UNAUTHENTICATED', `The token is for pages of ${embed.origin} only`);
}

function notValid(): CrossfootError {
  return new CrossfootError('UNAUTHENTICATED', 'The token is not valid here or has expired');
}
