import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';

const traces = new AsyncLocalStorage<string>();

const idBytes = 16;
let drawn = Buffer.alloc(0);
let used = 0;

/** A new trace id: 32 hexadecimal characters, as in the W3C's trace context. */
export function newTraceId(): string {
  // Drawn by the hundred: a call of the random source costs more than an id.
  if (used === drawn.length) {
    drawn = randomBytes(256 * idBytes);
    used = 0;
  }
  return drawn.toString('hex', used, (used += idBytes));
}

/** The trace id of a `traceparent` header, or a new one when there is none that can be used. */
export function traceIdOf(traceparent: unknown): string {
  const found = /^00-(?!0{32})([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/.exec(String(traceparent));
  return found?.[1] ?? newTraceId();
}

/** Runs work, and everything it leads to, under a trace id. */
export function withTrace<T>(traceId: string, work: () => T): T {
  return traces.run(traceId, work);
}

/** The trace id under which this runs; a new one outside of any request. */
export function currentTraceId(): string {
  return traces.getStore() ?? newTraceId();
}
