import { createLocalJWKSet, errors, type CryptoKey, type JSONWebKeySet } from 'jose';
import { request } from 'undici';
import { CrossfootError } from '#kernel/errors';

const timeoutMilliseconds = 5_000;
const largestAnswerBytes = 512 * 1024;
/** A key that the provider has taken away is refused after so long at the latest. */
const freshMilliseconds = 60_000;
/** While the provider does not answer, its last known keys go on serving for so long. */
const usableMilliseconds = 15 * 60_000;
/** Tokens of unknown keys make us look again, but no more often than this. */
const pauseMilliseconds = 2_000;

type FindKey = (...token: Parameters<ReturnType<typeof createLocalJWKSet>>) => Promise<CryptoKey>;

/** The public keys of a provider. */
export interface ProviderKeys {
  /**
   * The key of a token. Throws UNAVAILABLE while the provider's keys cannot be had, and jose's JWKSNoMatchingKey when
   * they can and none fits.
   */
  readonly find: FindKey;
  /** Begins to load the keys, so that the first request finds them; failing is no harm. */
  warm(): void;
}

interface Loaded {
  readonly find: FindKey;
  readonly at: number;
}

/**
 * Keys found by discovery at first use and looked at again every minute, and at once when a token names a key that is
 * not among them, as after the provider changed its keys. Requests that need them together load them once.
 */
export function providerKeys(issuer: string, now: () => number = Date.now): ProviderKeys {
  let loaded: Loaded | undefined;
  let loading: Promise<Loaded> | undefined;
  let triedAt = -Infinity;
  let problem: unknown;

  const load = (): Promise<Loaded> => {
    triedAt = now();
    loading ??= discover(issuer)
      .then((find) => (loaded = { find, at: now() }))
      .catch((error: unknown) => {
        problem = error;
        throw error;
      })
      .finally(() => (loading = undefined));
    return loading;
  };
  const reload = async (): Promise<Loaded | undefined> => {
    if (!loading && now() - triedAt < pauseMilliseconds) return undefined;
    return load().catch(() => undefined);
  };
  const current = async (): Promise<Loaded> => {
    if (loaded && now() - loaded.at < freshMilliseconds) return loaded;
    const renewed = await reload();
    if (renewed) return renewed;
    if (loaded && now() - loaded.at < usableMilliseconds) return loaded;
    throw new CrossfootError('UNAVAILABLE', 'The identity provider does not answer', { cause: problem });
  };
  return {
    async find(header, token) {
      const known = await current();
      try {
        return await known.find(header, token);
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
        const renewed = await reload();
        if (!renewed) throw error;
        return renewed.find(header, token);
      }
    },
    warm: () => void load().catch(() => undefined),
  };
}

async function discover(issuer: string): Promise<FindKey> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const found = (await get(url)) as { issuer?: unknown; jwks_uri?: unknown };
  if (found.issuer !== issuer || typeof found.jwks_uri !== 'string') {
    throw new Error(`${url} does not describe the issuer ${issuer}`);
  }
  return createLocalJWKSet((await get(found.jwks_uri)) as JSONWebKeySet);
}

/** Redirects are not followed, and no answer is read beyond what such documents need. */
async function get(url: string): Promise<unknown> {
  const { statusCode, body } = await request(url, {
    headers: { accept: 'application/json' },
    signal: AbortSignal.timeout(timeoutMilliseconds),
  });
  let text = '';
  for await (const chunk of body.setEncoding('utf8')) {
    text += String(chunk);
    if (text.length > largestAnswerBytes)
      throw new Error(`${url} answers more than ${largestAnswerBytes} bytes`);
  }
  if (statusCode !== 200) throw new Error(`${url} answers with status ${statusCode}`);
  return JSON.parse(text) as unknown;
}
