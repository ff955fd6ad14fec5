import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openCompany, type Company } from '../support/company.ts';
import { eventually, modes, startTestPlatform, type Platform } from '../support/platform.ts';
import { postInvoice } from '../support/steps.ts';
import { subscribe } from '../support/subscriber.ts';
import { startTraceCollector, type CollectedSpan, type TraceCollector } from '../support/trace-collector.ts';

const entries = `query EntriesOfVendors($bookId: ID!) {
  journalEntries(bookId: $bookId, first: 5) { edges { node { number vendor { name } } } }
}`;

describe.each(modes)('traces of %s', (mode) => {
  let collector: TraceCollector;
  let platform: Platform;
  let company: Company;

  beforeAll(async () => {
    collector = await startTraceCollector();
    platform = await startTestPlatform(mode, {
      environment: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_BSP_SCHEDULE_DELAY: '50' },
    });
    company = await openCompany(platform);
    await postInvoice(company, { number: 'T-1', net: 400 });
  });
  afterAll(async () => {
    await platform?.stop();
    await collector?.stop();
  });

  async function ask(query: string, variables: object, traceparent?: string): Promise<string> {
    const response = await fetch(`${platform.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${company.keys.owner}`,
        'graphql-client-name': 'story',
        ...(traceparent ? { traceparent } : {}),
      },
      body: JSON.stringify({ query, variables }),
    });
    await response.json();
    return response.headers.get('x-trace-id') ?? '';
  }

  /** The spans of a trace, once its first span has come, which ends last and may come before those of others. */
  async function traceOf(traceId: string, names: readonly string[]): Promise<CollectedSpan[]> {
    await eventually(async () => {
      const found = new Set(collector.spans(traceId).map((span) => span.name));
      return names.every((name) => found.has(name));
    });
    return collector.spans(traceId);
  }

  /** The names from a span up to the first of its trace. */
  function wayUp(span: CollectedSpan, spans: readonly CollectedSpan[]): string[] {
    const parent = spans.find((one) => one.spanId === span.parentSpanId);
    return [span.name, ...(parent ? wayUp(parent, spans) : [])];
  }

  test('one operation over two subgraphs is one tree, from the request to the subgraphs', async () => {
    const traceId = await ask(entries, { bookId: company.bookId });
    const spans = await traceOf(traceId, ['POST /graphql', 'transactions subgraph', 'vendors subgraph']);
    const ways = spans.map((span) => wayUp(span, spans).toReversed().join(' > '));
    const operation = 'POST /graphql > query EntriesOfVendors';
    expect(ways).toEqual(
      expect.arrayContaining([
        'POST /graphql',
        operation,
        `${operation} > fetch transactions > transactions subgraph`,
        `${operation} > fetch vendors > vendors subgraph`,
      ]),
    );
    expect(ways.every((way) => way.startsWith('POST /graphql'))).toBe(true);
    const services = new Set(spans.map((span) => span.service));
    expect([...services].toSorted()).toEqual(
      mode === 'one process'
        ? ['crossfoot-platform']
        : ['crossfoot-gateway', 'crossfoot-transactions', 'crossfoot-vendors'],
    );
    const one = (name: string) => spans.find((span) => span.name === name)?.facts;
    expect(one('query EntriesOfVendors')).toMatchObject({
      'crossfoot.client.name': 'story',
      'crossfoot.organisation.id': company.organisationId,
      'graphql.operation.type': 'query',
      'crossfoot.operation.hash': expect.stringMatching(/^[0-9a-f]{64}$/),
      'crossfoot.operation.cost': expect.any(Number),
    });
    expect(one('fetch vendors')).toMatchObject({
      'crossfoot.fetch.kind': 'entities',
      'crossfoot.entities': 1,
    });
    expect(one('vendors subgraph')?.['crossfoot.sql.statements']).toBeGreaterThan(0);
    for (const span of spans) expect(span.end).toBeGreaterThanOrEqual(span.start);
  });

  test('a trace begun by the caller goes on under its span, and one it does not record is not recorded', async () => {
    const [trace, parent] = ['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7'];
    expect(await ask('{ viewer { name } }', {}, `00-${trace}-${parent}-01`)).toBe(trace);
    const spans = await traceOf(trace, ['POST /graphql', 'access subgraph']);
    expect(spans.find((span) => span.name === 'POST /graphql')?.parentSpanId).toBe(parent);
    const unwanted = '4bf92f3577b34da6a3ce929d0e0e4737';
    await ask('{ viewer { name } }', {}, `00-${unwanted}-${parent}-00`);
    const later = await ask('{ viewer { name } }', {});
    await traceOf(later, ['POST /graphql', 'access subgraph']);
    expect(collector.spans(unwanted)).toEqual([]);
  });

  test('a mutation shows its command, and the code with which it was refused', async () => {
    const create = `mutation ($input: CreateAccountInput!) { createAccount(input: $input) { errors { code } } }`;
    const input = { bookId: company.bookId, code: '7777', name: 'A first name', type: 'EXPENSE' };
    const command = async (): Promise<{ span: CollectedSpan; way: string[] }> => {
      const spans = await traceOf(await ask(create, { input }), ['POST /graphql', 'command createAccount']);
      const [span] = spans.filter((one) => one.name === 'command createAccount');
      return { span: span!, way: wayUp(span!, spans) };
    };
    const done = await command();
    expect(done.span.failed).toBe(false);
    expect(done.way).toEqual([
      'command createAccount',
      'transactions subgraph',
      'fetch transactions',
      'mutation',
      'POST /graphql',
    ]);
    const refused = await command();
    expect(refused.span).toMatchObject({ failed: true, facts: { 'error.type': 'ALREADY_EXISTS' } });
  });

  test('a live message names the trace of its rendering, which is linked to the subscription', async () => {
    const entry = await subscribe<{ readonly change: string }>(platform.url, company.keys.owner, {
      query:
        'subscription LiveEntries { journalEntryChanged { cursor change journalEntry { number vendor { name } } } }',
    });
    await postInvoice(company, { number: 'T-2', net: 500 });
    await entry.until(1);
    await entry.cut();
    const rendered = await eventually(async () =>
      collector.all.find((span) => span.name === 'render LiveEntries'),
    );
    const spans = await traceOf(rendered?.traceId ?? '', ['fetch transactions', 'fetch vendors']);
    expect(
      wayUp(
        spans.find((span) => span.name === 'fetch vendors')!,
        spans,
      ),
    ).toEqual(['fetch vendors', 'render LiveEntries']);
    const [link] = rendered?.links ?? [];
    const linked = collector.all.find((span) => span.spanId === link?.spanId);
    expect(linked?.name).toBe('subscription LiveEntries');
  });

  test('no span holds a variable, a token or the name of a person', async () => {
    const everything = collector.raw.join('\n');
    expect(everything.length).toBeGreaterThan(1_000);
    for (const secret of [
      ...Object.values(company.keys),
      company.bookId,
      'Nordlicht',
      'T-1',
      'A first name',
    ]) {
      expect(everything).not.toContain(secret);
    }
  });
});
