import { errors, jwtVerify, SignJWT, type JWTPayload, type JWTVerifyOptions } from 'jose';
import { isScope, viewNamed, viewOf, type Actor, type EmbedGrant } from '#kernel/actor';
import { CrossfootError } from '#kernel/errors';
import { newId } from '#kernel/ids';
import { deriveKey } from '#kernel/secrets';

const issuer = 'crossfoot';
const audience = 'crossfoot';
const accepted: JWTVerifyOptions = {
  algorithms: ['HS256'],
  issuer,
  audience,
  typ: 'at+jwt',
  requiredClaims: ['sub', 'exp', 'jti'],
};

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

/** Tokens under the installation's secret. Of several, the first signs and all are accepted, so that one can be replaced. */
export function localTokens(secrets: string | readonly string[]): Tokens {
  const keys = [secrets].flat().map((secret) => deriveKey(secret, 'tokens'));
  const [key] = keys;
  if (!key) throw new Error('Tokens need a secret');
  return {
    async issue(actor, ttlSeconds) {
      const credentialId = newId('tok');
      const expiresAt = new Date((Math.floor(Date.now() / 1000) + ttlSeconds) * 1000);
      const { organisationId, scopes, kind, name, memberId, source, embed, view } = actor;
      const scope = scopes.join(' ');
      const token = await new SignJWT({ organisationId, scope, kind, name, memberId, source, embed, view })
        .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(actor.id)
        .setJti(credentialId)
        // To the millisecond: what happened to its member in the same second was before or after it.
        .setIssuedAt(Date.now() / 1000)
        .setExpirationTime(expiresAt)
        .sign(key);
      return { token, expiresAt, credentialId };
    },
    async verify(token) {
      // base64url readers forgive stray characters, which would make one token many; only the strict form passes.
      if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) throw notAToken();
      return actorOfClaims(await claimsUnder(keys, token));
    },
  };
}

async function claimsUnder(keys: readonly Buffer[], token: string): Promise<JWTPayload> {
  let failure: unknown;
  for (const key of keys) {
    try {
      return (await jwtVerify(token, key, accepted)).payload;
    } catch (error) {
      failure = error;
      // Only the wrong key is a reason to try the next.
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) break;
    }
  }
  throw notAToken(failure);
}

function notAToken(cause?: unknown): CrossfootError {
  return new CrossfootError('UNAUTHENTICATED', 'The token is not valid here or has expired', { cause });
}

function actorOfClaims(claims: Record<string, unknown>): Actor {
  const text = (name: string) => (typeof claims[name] === 'string' ? claims[name] : undefined);
  const kind = text('kind');
  const organisationId = text('organisationId');
  if (!organisationId || (kind !== 'member' && kind !== 'embed' && kind !== 'platform')) throw notAToken();
  // A token for components says what they may do; one that does not is from before they had to.
  const embed = claims['embed'] as EmbedGrant | undefined;
  if ((kind === 'embed') !== (embed !== undefined)) throw notAToken();
  return {
    kind,
    id: text('sub') ?? '',
    name: text('name') ?? '',
    memberId: text('memberId'),
    organisationId,
    scopes: (text('scope') ?? '').split(' ').filter(isScope),
    embed,
    view: viewOf({ kind, view: viewNamed(claims['view']) }),
    source: text('source') ?? 'api',
    credentialId: text('jti'),
    expiresAt: Number(claims['exp']) * 1000,
  };
}
