import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { apiClient } from '../../demo/api-client.ts';
import { mutate, openCompany, type Company } from '../support/company.ts';
import { follow, load, stamps, type Follower } from '../support/constant-load.ts';
import { eventually } from '../support/eventually.ts';
import { natsInstalled, prepareNats, type TestNats } from '../support/nats-server.ts';
import { startReplicas, type Replicas } from '../support/replicas.ts';
import { postInvoice } from '../support/steps.ts';
import { subscribe } from '../support/subscriber.ts';

const entryChanged = `subscription ($after: Cursor, $bookId: ID) {
  journalEntryChanged(after: $after, bookId: $bookId) { cursor journalEntry { id } } }`;

interface EntryEvent {
  readonly cursor: string;
  readonly journalEntry: { readonly id: string };
}

const count = 3;
const indexes = Array.from({ length: count }, (_, index) => index);

describe.each(['PostgreSQL', 'NATS JetStream'])('three gateways with events of %s', (events) => {
  const withNats = events !== 'PostgreSQL';
  let nats: TestNats | undefined;
  let replicas: Replicas;
  let company: Company;

  beforeAll(async () => {
    if (withNats && !natsInstalled) return;
    nats = withNats ? await prepareNats() : undefined;
    await nats?.start();
    replicas = await startReplicas(count, {
      GATEWAY_DRAIN_SECONDS: '1',
      GATEWAY_ENTITY_CACHE_MB: '16',
      ...(nats ? { NATS_URL: nats.url } : {}),
    });
    company = await openCompany(replicas);
  }, 240_000);
  beforeEach((context) => context.skip(withNats && !natsInstalled, 'nats-server is not installed'));
  afterAll(async () => {
    await replicas?.stop();
    await nats?.close();
  });

  /** Posts an entry and answers the place of its event. */
  async function placeNow(): Promise<string> {
    const { owner: token } = company.keys;
    const operation = { query: entryChanged, variables: { bookId: company.bookId } };
    const subscriber = await subscribe<EntryEvent>(replicas.urls[0] ?? '', token, operation);
    while (subscriber.received.length === 0) {
      await mutate(company.owner, 'postJournalEntry', { input: stamps(company.bookId) });
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const before = subscriber.received.length;
    const last = await mutate<{ journalEntry: { id: string } }>(company.owner, 'postJournalEntry', {
      input: stamps(company.bookId),
      fields: 'journalEntry { id }',
    });
    const received = await subscriber.until(before + 1);
    await eventually(async () => received.some((one) => one.journalEntry.id === last.journalEntry.id));
    await subscriber.cut();
    return received.find((one) => one.journalEntry.id === last.journalEntry.id)?.cursor ?? '';
  }

  test('a subscriber goes on at any gateway with the cursor another one gave it', async () => {
    let after = await placeNow();
    const seen: string[] = [];
    const posted: string[] = [];
    for (let turn = 0; turn < 2 * count; turn += 1) {
      const { journalEntry } = await mutate<{ journalEntry: { id: string } }>(
        company.owner,
        'postJournalEntry',
        { input: stamps(company.bookId), fields: 'journalEntry { id }' },
      );
      posted.push(journalEntry.id);
      const url = replicas.urls[turn % count] ?? '';
      const variables = { bookId: company.bookId, after };
      const operation = { query: entryChanged, variables };
      const subscriber = await subscribe<EntryEvent>(url, company.keys.owner, operation);
      const [event] = await subscriber.until(1);
      await subscriber.cut();
      after = event?.cursor ?? '';
      seen.push(event?.journalEntry.id ?? '');
    }
    expect(seen).toEqual(posted);
  });

  test('who renames a vendor sees the new name at once, and everybody else when the event arrives', async () => {
    const entry = await postInvoice(company, { number: 'R-1', net: 100 });
    const clients = replicas.urls.map((url) => apiClient(url, company.keys.owner));
    const vendorAt = async (index: number): Promise<{ id: string; name: string }> => {
      const answer = await clients[index]?.run<{ journalEntry: { vendor: { id: string; name: string } } }>(
        'query ($id: ID!) { journalEntry(id: $id) { vendor { id name } } }',
        { id: entry.id },
      );
      if (!answer) throw new Error(`There is no gateway ${index}`);
      return answer.journalEntry.vendor;
    };
    const { id: vendorId } = await vendorAt(0);
    for (let turn = 0; turn < 3 * count; turn += 1) {
      for (const index of indexes) await vendorAt(index);
      const at = turn % count;
      const name = `Nordlicht ${turn}`;
      await mutate(apiClient(replicas.urls[at] ?? '', company.keys.owner), 'updateVendor', {
        input: { vendorId, name },
      });
      expect((await vendorAt(at)).name).toBe(name);
      for (const index of indexes) await eventually(async () => (await vendorAt(index)).name === name);
    }
    const figures = await (await fetch(`${replicas.urls[0]}/metrics`)).text();
    expect(Number(/cached_entities_total\{found="known"\} (\d+)/.exec(figures)?.[1])).toBeGreaterThan(0);
  });

  test('a gateway that is told to stop says so first and answers until it is gone', async () => {
    const [url = ''] = replicas.urls;
    const client = apiClient(url, company.keys.owner);
    const ended = replicas.end(0, 'SIGTERM');
    await eventually(async () => (await fetch(`${url}/readyz`)).status === 503);
    expect(await client.run('{ viewer { name } }')).toEqual({ viewer: { name: expect.any(String) } });
    expect(await ended).toBe(0);
    await expect(fetch(`${url}/livez`)).rejects.toThrow('fetch failed');
    await replicas.start(0);
  });

  test('a new supergraph is taken by all gateways under load, and a broken one by none', async () => {
    const outcomes = (outcome: string): Promise<number[]> =>
      Promise.all(
        replicas.urls.map(async (url) => {
          const figures = await (await fetch(`${url}/metrics`)).text();
          return Number(new RegExp(`offers_total\\{outcome="${outcome}"\\} (\\d+)`).exec(figures)?.[1] ?? 0);
        }),
      );
    const target = { url: replicas.url, token: company.keys.owner, company };
    const follower = follow(target, await placeNow());
    const work = load(target, 'reload');
    const text = readFileSync(replicas.supergraphFile, 'utf8');
    for (let turn = 1; turn <= 3; turn += 1) {
      const posts = work.posted.size;
      writeFileSync(replicas.supergraphFile, `${text}\n# ${turn}\n`);
      await eventually(async () => (await outcomes('taken')).every((taken) => taken === turn));
      await eventually(async () => work.posted.size > posts + 3);
    }
    writeFileSync(replicas.supergraphFile, text.slice(0, text.length / 2));
    await eventually(async () => (await outcomes('refused')).every((refused) => refused === 1));
    const posts = work.posted.size;
    await eventually(async () => work.posted.size > posts + 3);
    writeFileSync(replicas.supergraphFile, text);
    await eventually(async () => (await outcomes('taken')).every((taken) => taken === 4));
    await work.stop();
    await eventually(async () => follower.entries.length >= work.posted.size);
    await follower.stop();
    expect([work.failures, work.repeated, follower.closed, follower.errors]).toEqual([[], [], [], []]);
    expect(follower.entries.toSorted()).toEqual([...work.posted.values()].toSorted());
  });

  /** Ends every gateway in turn under load and starts it again. */
  async function roll(signal: 'SIGTERM' | 'SIGKILL') {
    const target = { url: replicas.url, token: company.keys.owner, company };
    const from = await placeNow();
    const followers: Follower[] = Array.from({ length: count }, () => follow(target, from));
    const work = load(target, signal);
    const progress = async (): Promise<void> => {
      const [reads, posts] = [work.reads(), work.posted.size];
      await eventually(async () => work.reads() > reads + 3 && work.posted.size > posts + 3, 60_000);
    };
    await progress();
    const codes: (number | null)[] = [];
    for (const index of indexes) {
      codes.push(await replicas.end(index, signal));
      await progress();
      await replicas.start(index);
      await progress();
    }
    await work.stop();
    const posted = [...work.posted.values()];
    for (const follower of followers) {
      await eventually(async () => follower.entries.length >= posted.length);
    }
    await Promise.all(followers.map((one) => one.stop()));
    return { work, posted, followers, codes };
  }

  test.each(['SIGTERM', 'SIGKILL'] as const)(
    'all gateways are restarted one after the other with %s under load: nothing fails, is lost or doubled',
    async (signal) => {
      const { work, posted, followers, codes } = await roll(signal);
      expect(work.failures).toEqual([]);
      expect(new Set(posted).size).toBe(posted.length);
      for (const follower of followers) {
        expect(follower.errors).toEqual([]);
        expect(new Set(follower.entries).size).toBe(follower.entries.length);
        expect(follower.entries.toSorted()).toEqual(posted.toSorted());
        expect(follower.entries).toEqual(followers[0]?.entries);
      }
      const rows = await replicas.owner.query<{ entries: number }>(
        `select count(*)::int as entries from transactions.journal_entry where id = any ($1)`,
        [posted],
      );
      expect(rows.rows).toEqual([{ entries: posted.length }]);
      // Whoever connects while a gateway is being killed finds no socket at all, which has no code.
      const closed = new Set(followers.flatMap((one) => one.closed.filter((code) => code !== undefined)));
      expect({ codes, closed, repeated: signal === 'SIGTERM' ? work.repeated : [] }).toEqual({
        codes: indexes.map(() => (signal === 'SIGTERM' ? 0 : null)),
        closed: new Set([signal === 'SIGTERM' ? 1001 : 1006]),
        repeated: [],
      });
    },
    300_000,
  );
});
