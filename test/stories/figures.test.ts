import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openCompany, type Company } from '../support/company.ts';
import { eventually, modes, startTestPlatform, type Platform } from '../support/platform.ts';
import { postInvoice } from '../support/steps.ts';
import { subscribe } from '../support/subscriber.ts';

/** The figures of a process: by name with labels, as Prometheus would read them. */
type Figures = ReadonlyMap<string, number>;

describe.each(modes)('the figures of %s', (mode) => {
  let platform: Platform;
  let company: Company;

  beforeAll(async () => {
    platform = await startTestPlatform(mode, { environment: { CROSSFOOT_TIMED_REQUESTS: '1' } });
    company = await openCompany(platform);
  });
  afterAll(() => platform?.stop());

  async function figuresAt(url: string): Promise<Figures> {
    const answer = await fetch(`${url}/metrics`);
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain/);
    const lines = (await answer.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    return new Map(
      lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
    );
  }
  const atGateway = (): Promise<Figures> => figuresAt(platform.url);
  const atSubgraph = (name: string): Promise<Figures> =>
    figuresAt(mode === 'one process' ? platform.url : (platform.subgraphUrls[name] ?? ''));

  const sum = (figures: Figures, name: string, ...labels: readonly string[]): number =>
    [...figures]
      .filter(([key]) => key.startsWith(`${name}{`) || key === name)
      .filter(([key]) => labels.every((label) => key.includes(label)))
      .reduce((total, [, value]) => total + value, 0);

  test('every call of a subgraph counts, by subgraph, kind and outcome', async () => {
    const before = await atGateway();
    await postInvoice(company, { number: 'F-1', net: 300 });
    await company.owner.run(
      `query ($bookId: ID!) { journalEntries(bookId: $bookId, first: 5) { edges { node { number vendor { name } } } } }`,
      { bookId: company.bookId },
    );
    const after = await atGateway();
    const grown = (...labels: readonly string[]) => {
      const name = 'crossfoot_subgraph_fetch_seconds_count';
      return sum(after, name, ...labels) - sum(before, name, ...labels);
    };
    expect(grown('subgraph="transactions"', 'kind="root"', 'outcome="ok"')).toBeGreaterThan(0);
    expect(grown('subgraph="vendors"', 'kind="entities"', 'outcome="ok"')).toBeGreaterThan(0);
    const operations = (figures: Figures) => sum(figures, 'crossfoot_operations_total', 'type="query"');
    expect(operations(after)).toBeGreaterThan(operations(before));
  });

  test('fields that take time are shown by the subgraph that has them, and no more than twenty', async () => {
    const figures = await atSubgraph('transactions');
    const fields = [...figures.keys()].filter(
      (key) => key.startsWith('crossfoot_field_seconds_total{') && key.includes('subgraph="transactions"'),
    );
    expect(fields.length).toBeGreaterThan(0);
    expect(fields.length).toBeLessThanOrEqual(20);
    expect(sum(figures, 'crossfoot_field_calls_total', 'field="Query.journalEntries"')).toBeGreaterThan(0);
  });

  test('a subscription counts while it runs, with its events', async () => {
    const before = await atGateway();
    const live = await subscribe(platform.url, company.keys.owner, {
      query: 'subscription { journalEntryChanged { cursor change } }',
    });
    await postInvoice(company, { number: 'F-2', net: 310 });
    await live.until(1);
    const during = await atGateway();
    for (const name of ['crossfoot_live_sockets', 'crossfoot_live_subscriptions', 'crossfoot_live_groups']) {
      expect([name, sum(during, name)]).toEqual([name, sum(before, name) + 1]);
    }
    const delivered = 'crossfoot_events_delivered_total';
    expect(sum(during, delivered)).toBeGreaterThan(sum(before, delivered));
    await live.cut();
    await eventually(async () => sum(await atGateway(), 'crossfoot_live_groups') === 0);
  });

  test('an event that cannot be handled shows as parked, and one not yet handled as backlog', async () => {
    const parked = async () =>
      sum(await atSubgraph('approvals'), 'crossfoot_parked_events', 'subgraph="approvals"');
    expect(await parked()).toBe(0);
    await platform.owner.query(
      `insert into kernel.parked_event (consumer, event_id, attempts, problem, next_attempt_at)
       select 'approvals', max(id), 1, 'the story says so', now() + interval '1 hour' from kernel.outbox`,
    );
    expect(await parked()).toBe(1);
    const backlog = await atSubgraph('approvals');
    expect(backlog.get('crossfoot_consumer_backlog{subgraph="approvals"}')).toBeTypeOf('number');
  });

  test('process, event reader, connections and jobs have their figures', async () => {
    const figures = await atSubgraph('sync');
    for (const name of [
      'process_cpu_seconds_total',
      'nodejs_eventloop_lag_p99_seconds',
      'nodejs_heap_size_used_bytes',
      'crossfoot_event_reader_total{what="postgresReads"}',
      'crossfoot_database_connections{role="sync",use="commands",state="idle"}',
      'crossfoot_database_connections{role="relay",use="events",state="busy"}',
    ]) {
      expect([name, figures.has(name)]).toEqual([name, true]);
    }
    expect([...figures.keys()].some((key) => key.startsWith('crossfoot_jobs{'))).toBe(true);
    const reads = 'crossfoot_event_reader_total{what="postgresReads"}';
    await eventually(async () => (await atSubgraph('sync')).get(reads)! > (figures.get(reads) ?? 0));
  });
});
