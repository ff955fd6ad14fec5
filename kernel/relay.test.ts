import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { finishWith } from '../test/support/finish-with.ts';
import { openWorkbench, type Workbench } from '../test/support/workbench.ts';
import { roleUrl } from './database.ts';
import { beginning, comparePositions, decodeCursor, encodeCursor, type DomainEvent } from './events.ts';
import { counter, counterTable, failing, register } from './fixtures/counter.ts';
import { createLog } from './log.ts';
import { createEventReader, type EventReader } from './relay.ts';

let bench: Workbench;
let reader: EventReader;

beforeAll(async () => {
  bench = await openWorkbench([counter]);
  await bench.owner.query(counterTable);
  reader = await createEventReader(bench.database, createLog('silent', 'test'));
});
afterAll(async () => {
  await reader.stop();
  await bench.close();
});

const raise = (name: string) => bench.door('vendors').run(register, { name });
const names = (events: readonly DomainEvent[]) =>
  events.filter((event) => event.type === 'vendor.registered').map((event) => event.subjectId);

async function counted(name: string): Promise<number> {
  const row = await bench.owner.query('select value from vendors.counter where id = $1', [name]);
  return row.rows[0]?.value ?? 0;
}

async function untilCounted(name: string, value: number): Promise<void> {
  while ((await counted(name)) !== value) await new Promise((resolve) => setTimeout(resolve, 20));
}

test('a late commit is not passed over: readers wait for it and then see all in one order', async () => {
  const client = new pg.Client({ connectionString: roleUrl(bench.database, 'vendors') });
  await client.connect();
  const { organisationId } = bench.actor();
  await client.query('begin');
  await client.query('select kernel.begin_command($1, $2, $3)', [organisationId, 'x', 'slow']);
  await finishWith(client, { organisationId, key: 'slow' }, [
    { type: 'vendor.registered', subjectId: 'slow', facts: { name: 'slow' } },
  ]);
  await raise('fast');
  expect(names(await reader.read(beginning, 100))).toEqual([]);
  await client.query('commit');
  await client.end();
  // Transactions in other databases of the server may hold the readers back a little longer.
  await expect.poll(async () => names(await reader.read(beginning, 100))).toEqual(['slow', 'fast']);
  const events = await reader.read(beginning, 100);
  expect(
    events.every(
      (event, index) => index === 0 || comparePositions(events[index - 1]!.position, event.position) < 0,
    ),
  ).toBe(true);
});

test('events are read in the order of transactions as numbers: 1000 comes after 999', async () => {
  const rows = ['100', '99', '9', '10'].map(
    (xid) => `('${xid}', 'org_digits', 'period.changed', '${xid}', '{}', '', now())`,
  );
  await bench.owner.query(
    `insert into kernel.outbox (xid, organisation_id, type, subject_id, facts, actor_id, occurred_at) values ${rows.join(', ')}`,
  );
  const events = await reader.read(beginning, 100, { organisationId: 'org_digits' });
  expect(events.map((event) => event.subjectId)).toEqual(['9', '10', '99', '100']);
  expect(await reader.read(events[1]!.position, 1, { organisationId: 'org_digits' })).toMatchObject([
    { subjectId: '99' },
  ]);
});

test('reading goes on behind a cursor, and a cursor survives the wire', async () => {
  const [first] = await reader.read(beginning, 1);
  const position = decodeCursor(encodeCursor(first!.position));
  expect(position).toEqual(first!.position);
  const rest = await reader.read(position!, 100);
  expect(rest.some((event) => event.position.id === first!.position.id)).toBe(false);
  expect(decodeCursor('nonsense')).toBeUndefined();
});

test('an event from another process wakes a waiting reader', async () => {
  const woken = new Promise<string>((resolve) => {
    const stop = reader.onCommit(() => {
      stop();
      resolve('woken');
    });
  });
  await raise('wake');
  expect(await woken).toBe('woken');
});

test('every event is reacted to once', async () => {
  await Promise.all(Array.from({ length: 30 }, () => raise('thirty')));
  await bench.settle();
  expect(await counted('thirty')).toBe(30);
});

test('an event whose handler fails stops nobody, and is made good when the cause is gone', async () => {
  failing.add('broken');
  await raise('broken');
  await raise('after');
  await bench.settle();
  expect(await counted('after')).toBe(1);
  expect(await counted('broken')).toBe(0);
  const parked = await bench.owner.query('select consumer, attempts, problem from kernel.parked_event');
  expect(parked.rows).toMatchObject([{ consumer: 'vendors', problem: 'told to fail on broken' }]);
  failing.delete('broken');
  await untilCounted('broken', 1);
  expect((await bench.owner.query('select 1 from kernel.parked_event')).rowCount).toBe(0);
});
