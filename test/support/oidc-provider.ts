import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK } from 'jose';

/** A certified OpenID provider on a port of this machine, whose keys and clients are the test's own. */
export interface OidcTestProvider {
  readonly issuer: string;
  /** An access token by the client credentials grant, with these claims besides its own. */
  token(options?: {
    readonly claims?: Readonly<Record<string, unknown>>;
    readonly audience?: string;
    readonly scope?: string;
  }): Promise<string>;
  /** Signs with a new key from now on; the old one stays published where it is kept. */
  rotate(options: { readonly keepOld: boolean }): Promise<void>;
  /** How often the keys were asked for. */
  readonly keyRequests: () => number;
  /** Answers 500 to everything, until told otherwise. */
  break(broken: boolean): void;
  stop(): Promise<void>;
}

interface ProviderModule {
  readonly default: new (
    issuer: string,
    configuration: object,
  ) => { callback(): (request: IncomingMessage, response: ServerResponse) => void };
}

/** How long its tokens live. */
export const tokenSeconds = 600;

const client = { id: 'importer', secret: 'a secret of the importer at the provider' };
const scopes = [
  'vendors:read',
  'transactions:read',
  'platform:admin',
  'platform:internal',
  'api/vendors:read',
];
const resource = (audience: string) => `https://resources.example/${encodeURIComponent(audience)}`;

/** Starts a provider; stop it after the test. */
export async function startOidcProvider(): Promise<OidcTestProvider> {
  // The package carries no types and prints advice about its defaults while it is set up.
  const { default: Provider } = (await import('oidc-provider' as string)) as ProviderModule;
  let answer: (request: IncomingMessage, response: ServerResponse) => void = () => undefined;
  let claims: Readonly<Record<string, unknown>> = {};
  let keyRequests = 0;
  let broken = false;
  const server = createServer((request, response) => {
    if (request.url === '/jwks') keyRequests += 1;
    if (broken) response.writeHead(500).end();
    else answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let keys: JWK[] = [];
  const rotate = async ({ keepOld }: { readonly keepOld: boolean }): Promise<void> => {
    keys = [await newKey(), ...(keepOld ? keys : [])];
    answer = quietly(
      () =>
        new Provider(
          issuer,
          configuration(keys, () => claims),
        ),
    ).callback();
  };
  await rotate({ keepOld: false });
  return {
    issuer,
    rotate,
    keyRequests: () => keyRequests,
    break: (value) => (broken = value),
    async token(options = {}) {
      claims = options.claims ?? {};
      const response = await fetch(`${issuer}/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa(`${client.id}:${encodeURIComponent(client.secret)}`)}` },
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          resource: resource(options.audience ?? 'crossfoot'),
          scope: options.scope ?? 'vendors:read',
        }),
      });
      const body = (await response.json()) as { access_token?: string };
      if (!body.access_token) throw new Error(`The provider gave no token: ${JSON.stringify(body)}`);
      return body.access_token;
    },
    stop: () => close(server),
  };
}

let keyCount = 0;

async function newKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  return { ...(await exportJWK(privateKey)), kid: `key ${(keyCount += 1)}`, alg: 'ES256', use: 'sig' };
}

function configuration(keys: readonly JWK[], claims: () => Readonly<Record<string, unknown>>): object {
  return {
    jwks: { keys },
    cookies: { keys: ['cookies of the tests'] },
    scopes,
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
        id_token_signed_response_alg: 'ES256',
      },
    ],
    extraTokenClaims: () => claims(),
    ttl: { ClientCredentials: tokenSeconds },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_context: unknown, indicator: string) => ({
          scope: scopes.join(' '),
          audience: decodeURIComponent(indicator.slice(resource('').length)),
          accessTokenFormat: 'jwt',
          accessTokenTTL: tokenSeconds,
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
    },
  };
}

function quietly<Value>(work: () => Value): Value {
  const { info, warn } = console;
  Object.assign(console, { info: () => undefined, warn: () => undefined });
  try {
    return work();
  } finally {
    Object.assign(console, { info, warn });
  }
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
