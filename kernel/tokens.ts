import { jwtVerify, SignJWT } from 'jose';
import { isScope, type Actor } from '#kernel/actor';
import { CrossfootError } from '#kernel/errors';
import { newId } from '#kernel/ids';
import { deriveKey } from '#kernel/secrets';

const issuer = 'crossfoot';
const audience = 'crossfoot';

/** A freshly made token with the instant of its death. */
export interface IssuedToken {
  readonly token: string;
  readonly expiresAt: Date;
  readonly credentialId: string;
}

/** Makes and checks the installation's own short-lived tokens (JWT, HS256 under a derived key). */
export interface Tokens {
  issue(actor: Omit<Actor, 'expiresAt' | 'credentialId'>, ttlSeconds: number): Promise<IssuedToken>;
  /** The actor of a token; throws UNAUTHENTICATED for anything but a live token of this installation. */
  verify(token: string): Promise<Actor>;
}

/** Tokens under the installation's secret. */
export function localTokens(secret: string): Tokens {
  const key = deriveKey(secret, 'tokens');
  return {
    async issue(actor, ttlSeconds) {
      const credentialId = newId('tok');
      const expiresAt = new Date((Math.floor(Date.now() / 1000) + ttlSeconds) * 1000);
      const { organisationId, scopes, kind, name, memberId, source } = actor;
      const token = await new SignJWT({
        organisationId,
        scope: scopes.join(' '),
        kind,
        name,
        memberId,
        source,
      })
        .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(actor.id)
        .setJti(credentialId)
        .setIssuedAt()
        .setExpirationTime(expiresAt)
        .sign(key);
      return { token, expiresAt, credentialId };
    },
    async verify(token) {
      // base64url readers forgive stray characters, which would make one token many; only the strict form passes.
      if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) throw notAToken();
      const { payload } = await jwtVerify(token, key, {
        algorithms: ['HS256'],
        issuer,
        audience,
        typ: 'at+jwt',
        requiredClaims: ['sub', 'exp', 'jti'],
      }).catch((cause: unknown) => {
        throw notAToken(cause);
      });
      return actorOfClaims(payload);
    },
  };
}

function notAToken(cause?: unknown): CrossfootError {
  return new CrossfootError('UNAUTHENTICATED', 'The token is not valid here or has expired', { cause });
}

function actorOfClaims(claims: Record<string, unknown>): Actor {
  const text = (name: string) => (typeof claims[name] === 'string' ? claims[name] : undefined);
  const kind = text('kind');
  const organisationId = text('organisationId');
  if (!organisationId || (kind !== 'member' && kind !== 'embed' && kind !== 'platform')) throw notAToken();
  return {
    kind,
    id: text('sub') ?? '',
    name: text('name') ?? '',
    memberId: text('memberId'),
    organisationId,
    scopes: (text('scope') ?? '').split(' ').filter(isScope),
    source: text('source') ?? 'api',
    credentialId: text('jti'),
    expiresAt: Number(claims['exp']) * 1000,
  };
}
