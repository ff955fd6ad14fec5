import type { Config } from '#kernel/config';
import type { Tokens } from '#kernel/tokens';
import type { Gate } from '../operations/admission.ts';
import { createRateLimiter, type RateLimiter } from '../operations/rate-limit.ts';
import { sourceOf, type SubgraphSources } from '../sources/subgraph-source.ts';
import { createAuthenticator, type Authenticator } from './authenticate.ts';
import { embedGate } from './embed-gate.ts';

/** What stands between the outside and the graph. */
export interface Edge {
  readonly authenticator: Authenticator;
  /** What every operation must pass, in this order. */
  readonly gates: readonly Gate[];
  /** Missing where nothing is limited. */
  readonly limiter: RateLimiter | undefined;
}

interface EdgeOptions {
  readonly config: Partial<Pick<Config, 'oidc' | 'trustedProxies' | 'rateLimit'>>;
  /** `access` among them, because it knows the API keys. */
  readonly sources: SubgraphSources;
  readonly tokens: Tokens;
}

/** Puts together who is let in, with what, and how often; its counts outlive a change of the graph. */
export function createEdge({ config, sources, tokens }: EdgeOptions): Edge {
  const { oidc, trustedProxies, rateLimit } = config;
  const authenticator = createAuthenticator({
    access: sourceOf(sources, 'access'),
    tokens,
    oidc,
    trustedProxies,
  });
  const limiter = rateLimit && createRateLimiter(rateLimit);
  return { authenticator, limiter, gates: limiter ? [embedGate, limiter.gate] : [embedGate] };
}
