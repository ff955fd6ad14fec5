import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import {
  parseIssuers,
  parseNetworks,
  parseRate,
  parseSecrets,
  type OidcConfig,
  type RateConfig,
  parseSafelist,
  type SafelistConfig,
} from '#kernel/edge-config';

/** The names of the subgraphs, in the order in which they are started. */
export const subgraphNames = [
  'access',
  'vendors',
  'transactions',
  'reconciliation',
  'approvals',
  'audit',
  'sync',
] as const;

/** One of the seven subgraphs. */
export type SubgraphName = (typeof subgraphNames)[number];

const environment = z.object({
  PORT: z.coerce.number().int().min(0).max(65535).default(4000),
  HOST: z.string().default('localhost'),
  DATABASE_URL: z.string().optional(),
  CROSSFOOT_DATA: z.string().default('.crossfoot'),
  CROSSFOOT_SECRET: z.string().min(32, 'CROSSFOOT_SECRET needs at least 32 characters').optional(),
  /** The secrets of tokens and of the channel to subgraphs, the one that signs first; left out, CROSSFOOT_SECRET. */
  CROSSFOOT_SIGNING_SECRETS: z.string().default(''),
  /** `access=http://host:port,vendors=…`: where subgraphs of other processes answer. */
  CROSSFOOT_SUBGRAPHS: z.string().default(''),
  /** A NATS server with JetStream that carries events between machines: nats://[user:password@]host:port. */
  NATS_URL: z.url({ protocol: /^(nats|tls)$/, error: 'not a nats:// or tls:// URL' }).optional(),
  /** One or more issuers, each with an audience of its own if it has one: https://a,https://b|audience-of-b. */
  OIDC_ISSUER: z.string().default(''),
  OIDC_AUDIENCE: z.string().default('crossfoot'),
  OIDC_CLAIM_ORGANISATION: z.string().default('crossfoot_organisation'),
  OIDC_CLAIM_MEMBER: z.string().default('crossfoot_member'),
  OIDC_CLAIM_NAME: z.string().default('name'),
  OIDC_CLAIM_SCOPE: z.string().default('scope'),
  OIDC_CLAIM_ROLES: z.string().default('crossfoot_roles'),
  OIDC_SCOPE_PREFIX: z.string().default(''),
  /** What operations of one credential, and of one organisation, may cost: COST_PER_SECOND[:BURST] or off. */
  CROSSFOOT_RATE_LIMIT: z.string().default('2000000'),
  CROSSFOOT_RATE_LIMIT_ORGANISATION: z.string().default('10000000'),
  /** Proxies whose X-Forwarded-For is believed: addresses or networks apart by commas. */
  CROSSFOOT_TRUSTED_PROXIES: z.string().default(''),
  CROSSFOOT_UPLOAD_LIMIT_MB: z.coerce.number().int().min(1).max(1024).default(32),
  CROSSFOOT_ALLOWED_ORIGINS: z.string().default(''),
  /** Where the commands that are clients of the API find it, and the token or API key they show. */
  CROSSFOOT_URL: z.url().default('http://localhost:4000'),
  CROSSFOOT_TOKEN: z.string().optional(),
  /** `off`: every read of a subgraph is asked by itself, also when an equal one is under way. */
  GATEWAY_DEDUPLICATION: z.enum(['on', 'off']).default('on'),
  /** `apollo`: plans run in Apollo's own executor, to compare answers or to fall back to. */
  GATEWAY_EXECUTOR: z.enum(['compiled', 'apollo']).default('compiled'),
  /** How long a gateway that is told to stop says so at /readyz before it closes anything. */
  GATEWAY_DRAIN_SECONDS: z.coerce.number().int().min(0).max(300).default(0),
  /** How long an answer of a subgraph may take, in seconds, for all and for single ones: 30,sync=60. */
  GATEWAY_SUBGRAPH_TIMEOUTS: z.string().default('30'),
  /** Sockets and streams that may be open at a time, and subscriptions a socket may carry. */
  GATEWAY_CONNECTIONS_PER_CREDENTIAL: z.coerce.number().int().min(1).default(500),
  GATEWAY_CONNECTIONS_PER_ORGANISATION: z.coerce.number().int().min(1).default(20_000),
  GATEWAY_OPERATIONS_PER_SOCKET: z.coerce.number().int().min(1).default(100),
  /** Memory for entities the gateway keeps until an event says they changed; 0 keeps none. */
  GATEWAY_ENTITY_CACHE_MB: z.coerce.number().int().min(0).max(4096).default(0),
  /** A collector of traces, as the OpenTelemetry specification names it; its library reads the other variables. */
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url().optional(),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: z.url().optional(),
  OTEL_SERVICE_NAME: z.string().optional(),
  OTEL_SDK_DISABLED: z.string().optional(),
  /** Operations that take longer are logged; 0 logs none. */
  CROSSFOOT_SLOW_OPERATION_MS: z.coerce.number().int().min(0).default(1000),
  /** Of how many requests to a subgraph one has its fields timed; 0 times none. */
  CROSSFOOT_TIMED_REQUESTS: z.coerce.number().int().min(0).default(100),
  /** Manifests of registered operations, besides the components' own: file,file. */
  CROSSFOOT_OPERATIONS: z.string().default(''),
  /** Which views answer registered operations only: portal=enforce,partner=warn. */
  CROSSFOOT_SAFELIST: z.string().default(''),
  /** Where the central bank publishes its reference rates, fetched on working days; left out, never: https://… */
  CROSSFOOT_REFERENCE_RATES_URL: z.url({ protocol: /^https?$/, error: 'not an http(s) URL' }).optional(),
  /** The folder below which organisations have their drop folders for bank files; left out, `feeds` of the data folder. */
  CROSSFOOT_FEED_FOLDER: z.string().optional(),
  /** Hosts that bank feeds may reach although their addresses are not public: host,host. */
  CROSSFOOT_FEED_HOSTS: z.string().default(''),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('warn'),
});

/** Everything the environment decides, read once. */
export interface Config {
  readonly port: number;
  readonly host: string;
  /** A server given by the operator; undefined means the embedded PostgreSQL in the data folder. */
  readonly databaseUrl: string | undefined;
  /** Absolute folder for the embedded database, files, ledgers and the local secret. */
  readonly dataFolder: string;
  /** The root of all derived keys; at least 32 characters. The first look at it makes one where none was given. */
  readonly secret: string;
  /** CROSSFOOT_SECRET, where the operator set it. */
  readonly givenSecret: string | undefined;
  /** What tokens and requests to subgraphs are signed with: the first signs, all are accepted. */
  readonly signingSecrets: readonly string[];
  readonly subgraphUrls: Readonly<Partial<Record<SubgraphName, string>>>;
  readonly natsUrl: string | undefined;
  readonly oidc: OidcConfig | undefined;
  readonly rateLimit: RateConfig | undefined;
  readonly trustedProxies: readonly string[];
  readonly uploadLimitBytes: number;
  readonly allowedOrigins: readonly string[];
  /** For commands that are clients of the API: its address without a closing slash, and what they show it. */
  readonly client: { readonly url: string; readonly token: string | undefined };
  readonly observability: ObservabilityConfig;
  /** Manifests of registered operations, besides that of the components. */
  readonly operationFiles: readonly string[];
  /** How each view takes operations that are not registered. */
  readonly safelist: SafelistConfig;
  /** Where reference rates are fetched from; undefined means never. */
  readonly referenceRatesUrl: string | undefined;
  /** Where bank feeds find drop folders, and which hosts they may reach beside those of public addresses. */
  readonly bankFeeds: { readonly dropRoot: string; readonly allowedHosts: readonly string[] };
  readonly logLevel: string;
  /** Whether equal reads under way at the same time are asked once. */
  readonly deduplication: boolean;
  /** Which executor runs the plans of queries and mutations. */
  readonly planExecutor: 'compiled' | 'apollo';
  /** How many connections may be open, and how many operations one socket runs. */
  readonly liveLimits: {
    readonly perCredential: number;
    readonly perOrganisation: number;
    readonly operationsPerSocket: number;
  };
  /** Memory for kept entities; 0 keeps none. */
  readonly entityCacheBytes: number;
  readonly drainMilliseconds: number;
  /** How long the answer of each subgraph may take. */
  readonly subgraphTimeouts: Readonly<Record<SubgraphName, number>>;
}

/** What is recorded about the work of a process besides its log. */
export interface ObservabilityConfig {
  /** Where traces go, and the name this process was given there; undefined where nobody collects them. */
  readonly traces: { readonly url: string; readonly serviceName: string | undefined } | undefined;
  /** Operations that take longer than this many milliseconds are logged; 0 logs none. */
  readonly slowOperationMilliseconds: number;
  /** One of this many requests to a subgraph has its fields timed; 0 times none. */
  readonly timedRequests: number;
}

/**
 * Reads and checks the environment; the only reader of `process.env`.
 * Throws an Error that names every variable at fault.
 */
export function readConfig(
  overrides: Partial<Record<keyof z.input<typeof environment>, string>> = {},
): Config {
  const parsed = environment.safeParse({ ...process.env, ...overrides });
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`The configuration cannot be used. ${faults.join('; ')}`);
  }
  const values = parsed.data;
  const dataFolder = resolve(values.CROSSFOOT_DATA);
  let secret = values.CROSSFOOT_SECRET;
  const signingSecrets = parseSecrets('CROSSFOOT_SIGNING_SECRETS', values.CROSSFOOT_SIGNING_SECRETS);
  return {
    port: values.PORT,
    host: values.HOST,
    databaseUrl: values.DATABASE_URL,
    dataFolder,
    // Not before it is asked for: a client of the API has no data folder, and a restore wants it empty.
    get secret() {
      return (secret ??= localSecret(dataFolder));
    },
    givenSecret: values.CROSSFOOT_SECRET,
    get signingSecrets() {
      return signingSecrets.length > 0 ? signingSecrets : [this.secret];
    },
    subgraphUrls: parseSubgraphUrls(values.CROSSFOOT_SUBGRAPHS),
    natsUrl: values.NATS_URL,
    oidc: oidcOf(values),
    rateLimit: rateLimitOf(values),
    trustedProxies: parseNetworks('CROSSFOOT_TRUSTED_PROXIES', values.CROSSFOOT_TRUSTED_PROXIES),
    uploadLimitBytes: values.CROSSFOOT_UPLOAD_LIMIT_MB * 1024 * 1024,
    allowedOrigins: values.CROSSFOOT_ALLOWED_ORIGINS.split(',').filter(Boolean),
    client: { url: values.CROSSFOOT_URL.replace(/\/+$/, ''), token: values.CROSSFOOT_TOKEN },
    observability: {
      traces: tracesOf(values),
      slowOperationMilliseconds: values.CROSSFOOT_SLOW_OPERATION_MS,
      timedRequests: values.CROSSFOOT_TIMED_REQUESTS,
    },
    operationFiles: values.CROSSFOOT_OPERATIONS.split(',').filter(Boolean),
    safelist: parseSafelist(values.CROSSFOOT_SAFELIST),
    referenceRatesUrl: values.CROSSFOOT_REFERENCE_RATES_URL,
    bankFeeds: {
      dropRoot: resolve(values.CROSSFOOT_FEED_FOLDER ?? join(dataFolder, 'feeds')),
      allowedHosts: values.CROSSFOOT_FEED_HOSTS.split(/[\s,]+/).filter(Boolean),
    },
    logLevel: values.LOG_LEVEL,
    planExecutor: values.GATEWAY_EXECUTOR,
    deduplication: values.GATEWAY_DEDUPLICATION === 'on',
    entityCacheBytes: values.GATEWAY_ENTITY_CACHE_MB * 1024 * 1024,
    liveLimits: {
      perCredential: values.GATEWAY_CONNECTIONS_PER_CREDENTIAL,
      perOrganisation: values.GATEWAY_CONNECTIONS_PER_ORGANISATION,
      operationsPerSocket: values.GATEWAY_OPERATIONS_PER_SOCKET,
    },
    drainMilliseconds: values.GATEWAY_DRAIN_SECONDS * 1000,
    subgraphTimeouts: parseTimeouts(values.GATEWAY_SUBGRAPH_TIMEOUTS),
  };
}

function tracesOf(values: z.output<typeof environment>): ObservabilityConfig['traces'] {
  const base = values.OTEL_EXPORTER_OTLP_ENDPOINT?.replace(/\/+$/, '');
  const url = values.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? (base && `${base}/v1/traces`);
  if (!url || values.OTEL_SDK_DISABLED?.toLowerCase() === 'true') return undefined;
  return { url, serviceName: values.OTEL_SERVICE_NAME };
}

/** Sets variables of this process for libraries that read the environment by themselves. */
export function presetEnvironment(values: Readonly<Record<string, string>>): void {
  Object.assign(process.env, values);
}

/** The configuration as it may be printed: no secret, no password. */
export function configSummary(config: Config): Record<string, unknown> {
  return {
    ...config,
    secret: '(set)',
    givenSecret: config.givenSecret ? '(set)' : undefined,
    signingSecrets: '(set)',
    client: { url: config.client.url, token: config.client.token ? '(set)' : undefined },
    databaseUrl: config.databaseUrl ? redactUrl(config.databaseUrl) : 'embedded PostgreSQL',
    natsUrl: config.natsUrl ? redactUrl(config.natsUrl) : undefined,
    observability: {
      ...config.observability,
      traces: config.observability.traces && redactUrl(config.observability.traces.url),
    },
  };
}

type Environment = z.output<typeof environment>;

function oidcOf(values: Environment): OidcConfig | undefined {
  const issuers = parseIssuers(values.OIDC_ISSUER, values.OIDC_AUDIENCE);
  if (issuers.length === 0) return undefined;
  return {
    issuers,
    claims: {
      organisation: values.OIDC_CLAIM_ORGANISATION,
      member: values.OIDC_CLAIM_MEMBER,
      name: values.OIDC_CLAIM_NAME,
      scope: values.OIDC_CLAIM_SCOPE,
      roles: values.OIDC_CLAIM_ROLES,
    },
    scopePrefix: values.OIDC_SCOPE_PREFIX,
  };
}

function rateLimitOf(values: Environment): RateConfig | undefined {
  const credential = parseRate('CROSSFOOT_RATE_LIMIT', values.CROSSFOOT_RATE_LIMIT);
  const name = 'CROSSFOOT_RATE_LIMIT_ORGANISATION';
  const organisation = parseRate(name, values.CROSSFOOT_RATE_LIMIT_ORGANISATION);
  return credential && organisation && { credential, organisation };
}

function redactUrl(text: string): string {
  const url = new URL(text);
  if (url.password) url.password = '***';
  return url.toString();
}

function parseSubgraphUrls(text: string): Partial<Record<SubgraphName, string>> {
  const urls: Partial<Record<SubgraphName, string>> = {};
  for (const pair of text.split(',').filter(Boolean)) {
    const [name, url] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)];
    const known = subgraphNames.find((candidate) => candidate === name);
    if (!known || !URL.canParse(url)) {
      throw new Error(
        `CROSSFOOT_SUBGRAPHS: "${pair}" is not NAME=URL with one of ${subgraphNames.join(', ')}`,
      );
    }
    urls[known] = url;
  }
  return urls;
}

/** Seconds for all subgraphs and `name=seconds` for single ones, as milliseconds by subgraph. */
function parseTimeouts(text: string): Record<SubgraphName, number> {
  const given = new Map<string, number>();
  for (const part of text.split(',').filter(Boolean)) {
    const [, name = '', seconds] = /^(?:([a-z]+)=)?(\d{1,4})$/.exec(part.trim()) ?? [];
    const known = name === '' || subgraphNames.some((candidate) => candidate === name);
    if (!known || Number(seconds ?? 0) === 0) {
      throw new Error(
        `GATEWAY_SUBGRAPH_TIMEOUTS: "${part}" is neither SECONDS nor NAME=SECONDS with one of ${subgraphNames.join(', ')}`,
      );
    }
    given.set(name, Number(seconds) * 1000);
  }
  const forAll = given.get('') ?? 30_000;
  const entries = subgraphNames.map((name) => [name, given.get(name) ?? forAll] as const);
  return Object.fromEntries(entries) as Record<SubgraphName, number>;
}

/** For evaluation on one machine: a random secret kept beside the data, readable by its owner only. */
function localSecret(dataFolder: string): string {
  const file = join(dataFolder, 'secret');
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  mkdirSync(dataFolder, { recursive: true });
  const secret = randomBytes(32).toString('base64url');
  writeFileSync(file, `${secret}\n`, { mode: 0o600 });
  chmodSync(file, 0o600);
  return secret;
}
