import { decodeJwt } from 'jose';
import type { Actor } from '#kernel/actor';
import { CrossfootError } from '#kernel/errors';
import type { DomainEvent } from '#kernel/events';
import type { Tokens } from '#kernel/tokens';
import { createApiKeys } from './api-keys.ts';
import { oidcTokens } from './oidc.ts';
import type { SubgraphSource } from '../sources/subgraph-source.ts';

/** Finds out who sends a request. */
export interface Authenticator {
  /** The actor behind an `Authorization` header; throws UNAUTHENTICATED for none and for anything that is not live. */
  authenticate(authorization: unknown): Promise<Actor>;
  /** Forgets what an event has overtaken. */
  noticed(event: DomainEvent): void;
}

interface AuthenticatorOptions {
  /** Knows the API keys. */
  readonly access: SubgraphSource;
  readonly tokens: Tokens;
  /** The operator's own identity provider, when there is one. */
  readonly oidc: { readonly issuer: string; readonly audience: string } | undefined;
}

/** Takes API keys, this installation's own tokens and, when configured, those of an OpenID provider. */
export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  const keys = createApiKeys(options.access);
  const oidc = options.oidc && oidcTokens(options.oidc);
  return {
    noticed: (event) => keys.noticed(event),
    async authenticate(authorization) {
      const token = bearerOf(authorization);
      if (token.startsWith('cf_')) return keys.actorOf(token);
      if (oidc && issuerOf(token) === oidc.issuer) return oidc.verify(token);
      return options.tokens.verify(token);
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
