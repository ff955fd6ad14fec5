import { isIP } from 'node:net';
import { viewNamed, views, type View } from '#kernel/actor';

/** An OpenID provider whose access tokens are taken, with the audience they must name. */
export interface OidcIssuer {
  readonly issuer: string;
  readonly audience: string;
}

/** Which claims of a provider's token say what. */
export interface OidcClaims {
  readonly organisation: string;
  readonly member: string;
  readonly name: string;
  /** Rights: one text with spaces, or a list. */
  readonly scope: string;
  /** Roles, each a fixed list of rights: one text with spaces, or a list. */
  readonly roles: string;
}

/** The OpenID providers of an installation. */
export interface OidcConfig {
  readonly issuers: readonly OidcIssuer[];
  readonly claims: OidcClaims;
  /** What stands before the rights in the scope claim, such as `api://books/`; scopes without it are not ours. */
  readonly scopePrefix: string;
}

/** How much of something there is each second, and how much at once. */
export interface RateSize {
  readonly perSecond: number;
  readonly burst: number;
}

/** The limits of what operations cost together. */
export interface RateConfig {
  readonly credential: RateSize;
  readonly organisation: RateSize;
}

const largestOperation = 100_000;
const secondsOfBurst = 10;

/**
 * Reads `https://a https://b|audience`: issuers apart by spaces or commas, each with an audience of its own where it
 * has one. Throws an Error for what is no URL.
 */
export function parseIssuers(text: string, audience: string): readonly OidcIssuer[] {
  return text
    .split(/[\s,]+/)
    .filter(Boolean)
    .map((entry) => {
      const [issuer = '', own] = entry.split('|');
      if (!URL.canParse(issuer) || !/^https?:/.test(issuer)) {
        throw new Error(`OIDC_ISSUER: "${entry}" is not the URL of an issuer, or URL|AUDIENCE`);
      }
      return { issuer, audience: own ?? audience };
    });
}

/** Reads `1000` or `1000:20000` (cost each second, and at once); undefined for `off`. Throws an Error for all else. */
export function parseRate(name: string, text: string): RateSize | undefined {
  if (text === 'off') return undefined;
  const [, perSecond, burst] = /^(\d{1,12})(?::(\d{1,12}))?$/.exec(text) ?? [];
  if (!Number(perSecond) || burst === '0') {
    throw new Error(`${name}: "${text}" is not COST_PER_SECOND, COST_PER_SECOND:BURST or off`);
  }
  // Left out, the burst lets the largest single operation through at once.
  return {
    perSecond: Number(perSecond),
    burst: Number(burst ?? Math.max(Number(perSecond) * secondsOfBurst, largestOperation)),
  };
}

/** Reads addresses and networks (`10.0.0.0/8`) apart by commas; throws an Error for anything else. */
export function parseNetworks(name: string, text: string): readonly string[] {
  const networks = text.split(/[\s,]+/).filter(Boolean);
  for (const network of networks) {
    const [address = '', prefix, ...more] = network.split('/');
    const bits = isIP(address) === 4 ? 32 : 128;
    const fits = prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits);
    if (!isIP(address) || !fits || more.length > 0) {
      throw new Error(`${name}: "${network}" is not an address or network such as 10.0.0.0/8`);
    }
  }
  return networks;
}

/** Reads secrets apart by commas, the one that signs first; throws an Error for one that is too short. */
export function parseSecrets(name: string, text: string): readonly string[] {
  const secrets = text.split(',').filter(Boolean);
  if (secrets.some((secret) => secret.length < 32))
    throw new Error(`${name}: each needs at least 32 characters`);
  return secrets;
}

/** How a view takes operations that nobody registered: as any other, counting them, or not at all. */
export type SafelistMode = 'off' | 'warn' | 'enforce';

/** The mode of every view. */
export type SafelistConfig = Readonly<Record<View, SafelistMode>>;

const safelistModes: readonly SafelistMode[] = ['off', 'warn', 'enforce'];

/** Reads `portal=enforce,partner=warn`; views left out are off. Throws an Error for an unknown view or mode. */
export function parseSafelist(text: string): SafelistConfig {
  const modes: Record<View, SafelistMode> = { internal: 'off', portal: 'off', partner: 'off' };
  for (const pair of text.split(',').filter(Boolean)) {
    const [name, given] = pair.split('=').map((part) => part.trim());
    const view = viewNamed(name);
    const mode = safelistModes.find((one) => one === given);
    if (!view || !mode) {
      throw new Error(
        `CROSSFOOT_SAFELIST: "${pair}" is not VIEW=MODE with one of ${views.join(', ')} and one of ${safelistModes.join(', ')}`,
      );
    }
    modes[view] = mode;
  }
  return modes;
}
