import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { openWorkbench, type Workbench } from '../test/support/workbench.ts';
import { command } from './command.ts';
import { count, countAtOnce, counter, counterTable } from './fixtures/counter.ts';
import { newId } from './ids.ts';

let bench: Workbench;
let name: string;

beforeAll(async () => {
  bench = await openWorkbench([{ ...counter, handlers: {} }]);
  await bench.owner.query(counterTable);
});
afterAll(() => bench.close());
beforeEach(() => {
  name = newId('cnt');
});

const codes = (outcome: { errors: readonly { code: string }[] }) => outcome.errors.map((error) => error.code);

async function stored(): Promise<{
  value: number | undefined;
  events: number;
  audits: number;
  keys: number;
}> {
  const [value, events, audits, keys] = await Promise.all([
    bench.owner.query('select value from vendors.counter where id = $1', [name]),
    bench.owner.query('select 1 from kernel.outbox where subject_id = $1', [name]),
    bench.owner.query('select 1 from kernel.audit_stage where record::jsonb->>$$subjectId$$ = $1', [name]),
    bench.owner.query("select 1 from kernel.command_log where command = 'count' and key like $1", [
      `%${name}%`,
    ]),
  ]);
  return {
    value: value.rows[0]?.value,
    events: events.rowCount ?? 0,
    audits: audits.rowCount ?? 0,
    keys: keys.rowCount ?? 0,
  };
}

describe.each([
  ['in steps', count],
  ['at once', countAtOnce],
])('a command carried out %s', (_, command) => {
  const run = (input: object, options: object = {}) => bench.door('vendors').run(command, input, options);

  test('a command leaves its rows, one event and one audit row, all in one transaction', async () => {
    expect((await run({ name })).result).toEqual({ value: '1' });
    expect(await stored()).toMatchObject({ value: 1, events: 1, audits: 1 });
  });

  test('without the scope nothing happens', async () => {
    const outcome = await run({ name }, { actor: bench.actor('Kim', ['AUDITOR']) });
    expect(codes(outcome)).toEqual(['FORBIDDEN']);
    expect(await stored()).toMatchObject({ value: undefined, events: 0, audits: 0 });
  });

  test('what the caller can fix undoes everything and comes back as data', async () => {
    const outcome = await run({ name, fail: 'user' });
    expect(outcome.errors).toMatchObject([{ code: 'STATE_CONFLICT', message: 'told to fail' }]);
    expect(await stored()).toMatchObject({ value: undefined, events: 0, audits: 0 });
  });

  test('a bug undoes everything and is thrown', async () => {
    await expect(run({ name, fail: 'bug' })).rejects.toThrow('a bug');
    expect(await stored()).toMatchObject({ value: undefined, events: 0, audits: 0 });
  });

  test('a dry run answers the result and keeps nothing, not even its key', async () => {
    const outcome = await run({ name }, { dryRun: true, idempotencyKey: name });
    expect(outcome.result).toEqual({ value: '1' });
    expect(await stored()).toEqual({ value: undefined, events: 0, audits: 0, keys: 0 });
  });

  test('twenty calls at once with one key do the work once and all get its result', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, () => run({ name }, { idempotencyKey: name })),
    );
    expect(new Set(outcomes.map((outcome) => outcome.result?.value))).toEqual(new Set(['1']));
    expect(outcomes.filter((outcome) => !outcome.replayed)).toHaveLength(1);
    expect(await stored()).toMatchObject({ value: 1, events: 1, audits: 1, keys: 1 });
  });

  test('a key belongs to one input of one command of one organisation', async () => {
    await run({ name }, { idempotencyKey: name });
    expect(codes(await run({ name, by: 2 }, { idempotencyKey: name }))).toEqual(['IDEMPOTENCY_CONFLICT']);
    const elsewhere = bench.actor('Ana', ['OWNER'], newId('org'));
    expect((await run({ name }, { idempotencyKey: name, actor: elsewhere })).replayed).toBe(false);
  });

  test('a refused call may be repeated under its key once its cause is gone', async () => {
    expect(codes(await run({ name, fail: 'user' }, { idempotencyKey: name }))).toEqual(['STATE_CONFLICT']);
    expect((await run({ name }, { idempotencyKey: name })).result).toEqual({ value: '1' });
  });

  test('a connection lost at any moment neither loses nor doubles what was answered', async () => {
    const killer = setInterval(() => {
      void bench.owner.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
        where usename = 'crossfoot_vendors' and datname = current_database() and random() < 0.3`,
      );
    }, 7);
    let answered = 0;
    try {
      for (let n = 0; n < 150; n += 1) {
        const outcome = await run({ name }).catch(() => undefined);
        if (outcome?.result) answered += 1;
      }
    } finally {
      clearInterval(killer);
    }
    const { value, events, audits } = await stored();
    expect(value).toBe(events);
    expect(audits).toBe(events);
    expect(value ?? 0).toBeGreaterThanOrEqual(answered);
    // A call that threw may or may not have happened; one that answered happened once.
    expect((value ?? 0) - answered).toBeLessThanOrEqual(150 - answered);
  });

  test('what one statement cannot do is done the long way', async () => {
    expect((await run({ name, by: 0 }, { idempotencyKey: name })).result).toEqual({ value: '0' });
    expect((await run({ name, by: 0 }, { idempotencyKey: name })).replayed).toBe(true);
    expect(await stored()).toMatchObject({ value: 0, events: 1, audits: 1, keys: 1 });
  });
});

test('deadlocks are tried again until both sides are done', async () => {
  const crossing = command({
    name: 'crossing',
    description: 'Locks two counters in the given order.',
    scope: 'vendors:write',
    input: z.object({ first: z.string(), second: z.string() }),
    async run(transaction, { first, second }) {
      for (const id of [first, second]) {
        await transaction.query('update vendors.counter set value = value + 1 where id = $1', [id]);
        await new Promise((resolve) => setTimeout(resolve, 60));
      }
      return {};
    },
  });
  const [a, b] = [newId('cnt'), newId('cnt')];
  await bench.door('vendors').run(count, { name: a });
  await bench.door('vendors').run(count, { name: b });
  const outcomes = await Promise.all([
    bench.door('vendors').run(crossing, { first: a, second: b }),
    bench.door('vendors').run(crossing, { first: b, second: a }),
  ]);
  expect(outcomes.map(codes)).toEqual([[], []]);
  const rows = await bench.owner.query('select value from vendors.counter where id = any ($1)', [[a, b]]);
  expect(rows.rows).toEqual([{ value: 3 }, { value: 3 }]);
});

test('both ways leave the same behind', async () => {
  const left = async () =>
    (
      await bench.owner.query(
        `select (select jsonb_agg(to_jsonb(o) - 'id' - 'xid' - 'occurred_at') from kernel.outbox o where subject_id = $1) as events,
                (select jsonb_agg(record::jsonb - 'occurredAt') from kernel.audit_stage where record::jsonb->>'subjectId' = $1) as audits,
                (select jsonb_agg(to_jsonb(l) - 'occurred_at' - 'key') from kernel.command_log l where key = $2) as memory`,
        [name, `key-${name}`],
      )
    ).rows[0];
  await bench.door('vendors').run(count, { name }, { idempotencyKey: `key-${name}` });
  const inSteps = await left();
  name = newId('cnt');
  await bench.door('vendors').run(countAtOnce, { name }, { idempotencyKey: `key-${name}` });
  const anew = (value: object) => JSON.stringify(value).replaceAll(/cnt_\w+|[0-9a-f]{64}/g, '?');
  expect(anew(await left())).toBe(anew(inSteps));
});

test('no role of a subgraph can write the outbox, the audit intake or the memory of commands past the door', async () => {
  for (const statement of [
    "insert into kernel.outbox (organisation_id, type, subject_id, facts, actor_id, occurred_at) values ('x', 'x', 'x', '{}', 'x', now())",
    "insert into kernel.audit_stage (organisation_id, record) values ('x', '{}')",
    "update kernel.command_log set result = '{}'",
    'delete from kernel.outbox',
  ]) {
    const client = await bench.owner.connect();
    try {
      await client.query('set role crossfoot_vendors');
      await expect(client.query(statement)).rejects.toThrow('permission denied');
    } finally {
      await client.query('reset role');
      client.release();
    }
  }
});
