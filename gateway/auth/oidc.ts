import { jwtVerify, type JWTPayload } from 'jose';
import { isScope, roles, scopesOf, type Actor, type Scope, viewNamed, views, type View } from '#kernel/actor';
import type { OidcConfig, OidcIssuer } from '#kernel/edge-config';
import { CrossfootError } from '#kernel/errors';
import { providerKeys, type ProviderKeys } from './provider-keys.ts';

/** How far the clocks of provider and gateway may be apart. */
const clockToleranceSeconds = 30;

/** Kinds of token that are no access token by their own account are refused; most providers say only `JWT`. */
const acceptedTypes: ReadonlySet<string> = new Set(['at+jwt', 'application/at+jwt', 'jwt']);

/** Checks the access tokens of one OpenID provider. */
export interface OidcTokens {
  /** The actor of a token; throws UNAUTHENTICATED, or UNAVAILABLE when the provider's keys cannot be had. */
  verify(token: string): Promise<Actor>;
}

/**
 * Checkers by issuer. The configured claims say for whom and with which rights a token acts; rights of the platform are
 * never taken from outside. Loading of keys begins at once.
 */
export function oidcProviders(
  config: OidcConfig,
  now: () => number = Date.now,
): ReadonlyMap<string, OidcTokens> {
  const byIssuer = Map.groupBy(config.issuers, ({ issuer }) => issuer);
  return new Map(
    [...byIssuer].map(([issuer, entries]) => {
      const keys = providerKeys(issuer, now);
      keys.warm();
      return [issuer, { verify: (token) => verify(token, { issuer, entries, keys, config, now }) }];
    }),
  );
}

interface Check {
  readonly issuer: string;
  /** One for each audience. */
  readonly entries: readonly OidcIssuer[];
  readonly keys: ProviderKeys;
  readonly config: OidcConfig;
  readonly now: () => number;
}

async function verify(token: string, { issuer, entries, keys, config, now }: Check): Promise<Actor> {
  const { payload, protectedHeader } = await jwtVerify(token, keys.find, {
    // None that signs with a secret: a public key must never be taken for one.
    algorithms: ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA', 'Ed25519'],
    issuer,
    audience: entries.map(({ audience }) => audience),
    requiredClaims: ['sub', 'exp'],
    clockTolerance: clockToleranceSeconds,
    currentDate: new Date(now()),
  }).catch((cause: unknown) => {
    if (cause instanceof CrossfootError) throw cause;
    throw new CrossfootError('UNAUTHENTICATED', 'The token is not valid here or has expired', { cause });
  });
  const { typ } = protectedHeader;
  if (typ !== undefined && !acceptedTypes.has(typ.toLowerCase())) {
    throw new CrossfootError('UNAUTHENTICATED', 'The token is of another kind than an access token');
  }
  if (payload['cnf'] !== undefined) {
    throw new CrossfootError(
      'UNAUTHENTICATED',
      'The token is bound to a key, which bearer tokens do not show',
    );
  }
  return actorOf(payload, config);
}

function actorOf(claims: JWTPayload, config: OidcConfig): Actor {
  const names = config.claims;
  const organisationId = textOf(claims[names.organisation]);
  const memberId = textOf(claims[names.member]);
  if (!organisationId || !/^org_[0-9a-z]+$/.test(organisationId) || !memberId) {
    throw new CrossfootError(
      'UNAUTHENTICATED',
      `The token lacks the claims ${names.organisation} and ${names.member}`,
    );
  }
  return {
    kind: 'member',
    id: memberId,
    memberId,
    name: textOf(claims[names.name]) ?? textOf(claims['email']) ?? memberId,
    organisationId,
    scopes: scopesOfClaims(claims, config),
    view: viewOfClaim(claims['crossfoot_view']),
    source: 'api',
    credentialId: textOf(claims.jti),
    expiresAt: (Number(claims.exp) + clockToleranceSeconds) * 1000,
  };
}

/** A provider that names a view meant to restrict; what it cannot be understood to say is not taken as no restriction. */
function viewOfClaim(claim: unknown): View | undefined {
  const view = viewNamed(claim);
  if (claim !== undefined && !view) {
    throw new CrossfootError('UNAUTHENTICATED', `The claim crossfoot_view names none of ${views.join(', ')}`);
  }
  return view;
}

function scopesOfClaims(claims: JWTPayload, { claims: names, scopePrefix }: OidcConfig): Scope[] {
  const named = listOf(claims[names.scope])
    .filter((scope) => scope.startsWith(scopePrefix))
    .map((scope) => scope.slice(scopePrefix.length));
  const held = listOf(claims[names.roles]);
  const granted = [...named.filter(isScope), ...scopesOf(roles.filter((role) => held.includes(role)))];
  return [...new Set(granted)].filter((scope) => !scope.startsWith('platform:'));
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Some providers write lists as one text with spaces, others as lists. */
function listOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return value.split(' ');
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
