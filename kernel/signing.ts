import { createHash, randomUUID } from 'node:crypto';
import type { Actor } from '#kernel/actor';
import { CrossfootError } from '#kernel/errors';
import { deriveKey, mac, sameText } from '#kernel/secrets';

/** Headers of the signed channel between gateway and subgraphs. */
export const signatureHeaders = {
  context: 'x-crossfoot-context',
  signature: 'x-crossfoot-signature',
} as const;

const lifetimeMilliseconds = 30_000;

interface SignedContext {
  readonly actor: Actor;
  readonly subgraph: string;
  readonly signedAt: number;
  readonly nonce: string;
}

/**
 * Signs requests to subgraphs with the first of the secrets: the actor, the receiving subgraph, the time, a nonce and
 * the exact body.
 */
export function requestSigner(
  secrets: string | readonly string[],
): (request: { actor: Actor; subgraph: string; body: string }) => Record<string, string> {
  const [first] = [secrets].flat();
  if (!first) throw new Error('The channel needs a secret');
  const key = deriveKey(first, 'subgraph-channel');
  return ({ actor, subgraph, body }) => {
    const signed: SignedContext = { actor, subgraph, signedAt: Date.now(), nonce: randomUUID() };
    const context = Buffer.from(JSON.stringify(signed)).toString('base64url');
    return {
      [signatureHeaders.context]: context,
      [signatureHeaders.signature]: mac(key, `${context}.${digest(body)}`),
    };
  };
}

/** Checks requests at a subgraph; a request is taken once. */
export interface RequestVerifier {
  /** The actor of a request; throws UNAUTHENTICATED when anything about the signature is off. */
  verify(request: { context: string | undefined; signature: string | undefined; body: string }): Actor;
}

/**
 * The verifier of one subgraph; it remembers the nonces of the last minute. A signature under any of the secrets is
 * accepted, so that one can be replaced while all parts run.
 */
export function requestVerifier(secrets: string | readonly string[], subgraph: string): RequestVerifier {
  const keys = [secrets].flat().map((secret) => deriveKey(secret, 'subgraph-channel'));
  const seen = new Map<string, number>();
  const refuse = (reason: string) =>
    new CrossfootError('UNAUTHENTICATED', `The request is not signed: ${reason}`);
  return {
    verify({ context, signature, body }) {
      if (!context || !signature) throw refuse('headers are missing');
      const text = `${context}.${digest(body)}`;
      if (!keys.some((key) => sameText(signature, mac(key, text))))
        throw refuse('the signature does not fit');
      const signed = JSON.parse(Buffer.from(context, 'base64url').toString('utf8')) as SignedContext;
      const now = Date.now();
      if (signed.subgraph !== subgraph) throw refuse('it is meant for another subgraph');
      const age = now - signed.signedAt;
      if (age > lifetimeMilliseconds) throw refuse('it is too old');
      if (age < -lifetimeMilliseconds) throw refuse('it is from the future; compare the clocks');
      if (seen.has(signed.nonce)) throw refuse('it was seen before');
      seen.set(signed.nonce, now);
      // Oldest first: drop what has outlived its signature.
      for (const [nonce, at] of seen) {
        if (now - at <= 2 * lifetimeMilliseconds) break;
        seen.delete(nonce);
      }
      return signed.actor;
    },
  };
}

function digest(body: string): string {
  return createHash('sha256').update(body).digest('base64url');
}
