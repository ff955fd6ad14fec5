import fc from 'fast-check';
import { Counter, Histogram, Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { quickCounter, quickHistogram } from './quick-figures.ts';

const buckets = [0.01, 0.1, 1];
const what = { help: 'What it is.', labels: ['kind', 'outcome'] as const };
const labels = fc.record({ kind: fc.constantFrom('a', 'b"\\\n'), outcome: fc.constantFrom('ok', 'no') });

function sorted(text: string): string[] {
  return text.split('\n').toSorted();
}

test('whatever is measured reads as it does from the library itself', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(labels, fc.constantFrom(0, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 7)), { maxLength: 30 }),
      async (measured) => {
        const [ours, theirs] = [new Registry(), new Registry()];
        const histogram = quickHistogram(ours, { name: 'seconds', buckets, ...what });
        const counter = quickCounter(ours, { name: 'things_total', ...what });
        const options = { help: what.help, labelNames: what.labels, registers: [theirs] };
        const plainHistogram = new Histogram({ name: 'seconds', buckets, ...options });
        const plainCounter = new Counter({ name: 'things_total', ...options });
        for (const [one, seconds] of measured) {
          histogram.series(one)(seconds);
          counter.inc(one);
          counter.series(one)();
          plainHistogram.observe(one, seconds);
          plainCounter.inc(one, 2);
        }
        expect(sorted(await ours.metrics())).toEqual(sorted(await theirs.metrics()));
      },
    ),
    { numRuns: 50 },
  );
});

test('a timer measures until it is told its series', async () => {
  const registry = new Registry();
  const stop = quickHistogram(registry, { name: 'seconds', buckets: [60], ...what }).startTimer();
  stop({ kind: 'a', outcome: 'ok' });
  expect(await registry.metrics()).toContain('seconds_bucket{le="60",kind="a",outcome="ok"} 1');
});

test('two figures of one name are refused', () => {
  const registry = new Registry();
  quickCounter(registry, { name: 'things_total', ...what });
  expect(() => quickCounter(registry, { name: 'things_total', ...what })).toThrow(/already been registered/);
});
