import { createRemoteJWKSet, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { request } from 'undici';
import { isScope, type Actor } from '#kernel/actor';
import { CrossfootError } from '#kernel/errors';

const discoveryTimeoutMilliseconds = 5_000;

/** Checks the access tokens of an OpenID provider. */
export interface OidcTokens {
  readonly issuer: string;
  /** The actor of a token; throws UNAUTHENTICATED, or UNAVAILABLE when the provider's keys cannot be had. */
  verify(token: string): Promise<Actor>;
}

/**
 * Tokens of one provider. Its keys are found by discovery at first use. The claims `crossfoot_organisation`,
 * `crossfoot_member` and `scope` say for whom and with which rights; rights of the platform are never taken.
 */
export function oidcTokens(options: { readonly issuer: string; readonly audience: string }): OidcTokens {
  let keys: Promise<JWTVerifyGetKey> | undefined;
  const keysOf = async (): Promise<JWTVerifyGetKey> => {
    keys ??= discover(options.issuer);
    try {
      return await keys;
    } catch (cause) {
      keys = undefined;
      throw new CrossfootError('UNAVAILABLE', 'The identity provider does not answer', { cause });
    }
  };
  return {
    issuer: options.issuer,
    async verify(token) {
      const key = await keysOf();
      const { payload } = await jwtVerify(token, key, {
        algorithms: ['RS256', 'ES256', 'EdDSA'],
        issuer: options.issuer,
        audience: options.audience,
        requiredClaims: ['sub', 'exp'],
      }).catch((cause: unknown) => {
        throw new CrossfootError('UNAUTHENTICATED', 'The token is not valid here or has expired', { cause });
      });
      return actorOf(payload);
    },
  };
}

async function discover(issuer: string): Promise<JWTVerifyGetKey> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const signal = AbortSignal.timeout(discoveryTimeoutMilliseconds);
  const answer = await request(url, { signal });
  const found = (await answer.body.json()) as { issuer?: unknown; jwks_uri?: unknown };
  if (found.issuer !== issuer || typeof found.jwks_uri !== 'string') {
    throw new Error(`${url} does not describe the issuer ${issuer}`);
  }
  return createRemoteJWKSet(new URL(found.jwks_uri));
}

function actorOf(claims: JWTPayload): Actor {
  const text = (name: string): string | undefined =>
    typeof claims[name] === 'string' ? claims[name] : undefined;
  const organisationId = text('crossfoot_organisation');
  const memberId = text('crossfoot_member');
  if (!organisationId || !/^org_[0-9a-z]+$/.test(organisationId) || !memberId) {
    throw new CrossfootError(
      'UNAUTHENTICATED',
      'The token lacks the claims crossfoot_organisation and crossfoot_member',
    );
  }
  return {
    kind: 'member',
    id: memberId,
    memberId,
    name: text('name') ?? text('email') ?? memberId,
    organisationId,
    scopes: (text('scope') ?? '')
      .split(' ')
      .filter(isScope)
      .filter((scope) => !scope.startsWith('platform:')),
    source: 'api',
    credentialId: text('jti'),
    expiresAt: Number(claims.exp) * 1000,
  };
}
