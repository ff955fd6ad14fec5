import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import type { BreakerState } from './breaker.ts';
import { showConnections } from './connection-figures.ts';

test('connections and breakers of remote subgraphs are shown as they are when somebody looks', async () => {
  const registry = new Registry();
  let breaker: BreakerState = 'closed';
  const bare = { execute: async () => ({}), render: async () => [], ready: async () => true };
  const remote = { ...bare, figures: () => ({ connected: 3, running: 2, waiting: 1, breaker }) };
  showConnections({ vendors: remote, access: bare }, registry);
  const figure = async (line: string) =>
    (await registry.metrics()).split('\n').find((one) => one.startsWith(line));
  const state = 'crossfoot_subgraph_connections{subgraph="vendors",state=';
  expect(await figure(`${state}"open"`)).toBe(`${state}"open"} 3`);
  expect(await figure(`${state}"running"`)).toBe(`${state}"running"} 2`);
  expect(await figure(`${state}"waiting"`)).toBe(`${state}"waiting"} 1`);
  const open = 'crossfoot_subgraph_breaker_open{subgraph="vendors"}';
  expect(await figure(open)).toBe(`${open} 0`);
  breaker = 'open';
  expect(await figure(open)).toBe(`${open} 1`);
  expect(await registry.metrics()).not.toContain('access');
});
