import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startTraceCollector, type TraceCollector } from '../test/support/trace-collector.ts';
import { readConfig } from './config.ts';
import { createLog } from './log.ts';
import { startTracing, type Tracing } from './tracing.ts';

const log = createLog('silent', 'test');
const traceId = '0af7651916cd43dd8448eb211c80319c';

let collector: TraceCollector;

beforeEach(async () => {
  collector = await startTraceCollector();
});
afterEach(() => collector.stop());

async function tracing(): Promise<Tracing> {
  const started = await startTracing({ url: `${collector.url}/v1/traces`, serviceName: 'test' }, log);
  if (!started) throw new Error('A collector is configured, yet nothing is recorded');
  return started;
}

test('without a collector nothing is recorded', async () => {
  expect(await startTracing(undefined, log)).toBeUndefined();
});

test('spans reach the collector under the given trace id, with links, failures and times', async () => {
  const recording = await tracing();
  const first = recording.begin('first', { traceId, kind: 'server', facts: { answer: 42 } });
  const inner = recording.under(first, 'inner', { startedAt: 1_700_000_000_000, links: [first!] });
  inner?.fail('UNAVAILABLE');
  inner?.end(1_700_000_000_250);
  first?.end();
  await recording.stop();
  const [one, two] = ['first', 'inner'].map((name) => collector.all.find((span) => span.name === name));
  expect(one).toMatchObject({ traceId, service: 'test', parentSpanId: undefined, facts: { answer: 42 } });
  expect(two).toMatchObject({
    traceId,
    parentSpanId: one?.spanId,
    failed: true,
    facts: { 'error.type': 'UNAVAILABLE' },
    links: [{ spanId: one?.spanId }],
  });
  expect(two!.end - two!.start).toBe(250_000_000n);
});

test('what is under nothing recorded is not recorded', async () => {
  const recording = await tracing();
  expect(recording.under(undefined, 'alone')).toBeUndefined();
  expect(recording.under({ traceId }, 'alone')).toBeUndefined();
  const parent = { spanId: 'b7ad6b7169203331', sampled: false };
  expect(recording.begin('unwanted', { traceId, parent })).toBeUndefined();
  await recording.stop();
  expect(collector.all).toEqual([]);
});

test('traces that follow one another keep their own ids', async () => {
  const recording = await tracing();
  const ids = [traceId, traceId.replace('0af7', '1af7')];
  for (const id of ids) recording.begin('one', { traceId: id })?.end();
  await recording.stop();
  expect(collector.all.map((span) => span.traceId)).toEqual(ids);
});

test('a collector that is away stops nobody', async () => {
  const closed = createServer();
  const port = await new Promise<number>((resolve) =>
    closed.listen(0, '127.0.0.1', () => resolve((closed.address() as AddressInfo).port)),
  );
  await new Promise<void>((resolve) => closed.close(() => resolve()));
  const problems: unknown[] = [];
  const recording = await startTracing({ url: `http://127.0.0.1:${port}/v1/traces`, serviceName: 'test' }, {
    ...log,
    warn: (problem: unknown) => void problems.push(problem),
  } as typeof log);
  recording?.begin('lost', { traceId })?.end();
  await recording?.stop();
  expect(problems.length).toBeGreaterThan(0);
});

test.each([
  [{}, undefined],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318/' }, 'http://collector:4318/v1/traces'],
  [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://collector:4318/own' }, 'http://collector:4318/own'],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318', OTEL_SDK_DISABLED: 'true' }, undefined],
])('the standard variables %j send traces to %s', (environment, url) => {
  expect(readConfig(environment).observability.traces?.url).toBe(url);
});
