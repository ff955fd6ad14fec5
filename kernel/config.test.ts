import { expect, test } from 'vitest';
import { readConfig } from '#kernel/config';

test('the time a subgraph has for an answer is given for all and for single ones, in seconds', () => {
  expect(readConfig({ GATEWAY_SUBGRAPH_TIMEOUTS: '20,sync=60' }).subgraphTimeouts).toMatchObject({
    access: 20_000,
    vendors: 20_000,
    sync: 60_000,
  });
  expect(readConfig({ GATEWAY_SUBGRAPH_TIMEOUTS: 'sync=60' }).subgraphTimeouts.access).toBe(30_000);
});

test.each(['nobody=5', 'sync=', '0', 'sync=0', '1.5', '-3', 'sync:5'])(
  'a time limit written as %s is refused by name',
  (text) => {
    expect(() => readConfig({ GATEWAY_SUBGRAPH_TIMEOUTS: text })).toThrow('GATEWAY_SUBGRAPH_TIMEOUTS');
  },
);
