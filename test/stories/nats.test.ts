import { jetstreamManager } from '@nats-io/jetstream';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { connectNats } from '#kernel/nats-stream';
import { openCompany, type Company } from '../support/company.ts';
import { natsInstalled, prepareNats, type TestNats } from '../support/nats-server.ts';
import { eventually, startTestPlatform, type Platform } from '../support/platform.ts';
import { importStatement, linesNow, postInvoice } from '../support/steps.ts';

describe('with NATS between the processes, a bank statement becomes reconciled lines', () => {
  let nats: TestNats;
  let platform: Platform;
  let company: Company;

  beforeAll(async () => {
    if (!natsInstalled) return;
    nats = await prepareNats();
    await nats.start();
    platform = await startTestPlatform('many processes', { environment: { NATS_URL: nats.url } });
    company = await openCompany(platform);
  });
  beforeEach((context) => context.skip(!natsInstalled, 'nats-server is not installed'));
  afterAll(async () => {
    await platform?.stop();
    await nats?.close();
  });

  let balance = 1_000_000;

  /** An invoice, and the bank line that pays it: answers when the line has found the invoice. */
  async function reconcile(number: string, id: string): Promise<void> {
    await postInvoice(company, { number, net: 1000 });
    const remittance = `Invoice ${number}`;
    const movement = { cents: -119_000, on: '2026-10-16', name: 'Nordlicht Hosting GmbH', text: remittance };
    await importStatement(company, [{ ...movement, reference: number }], { id, opening: balance });
    balance += movement.cents;
    await eventually(async () =>
      (await linesNow(company)).some(
        (line) => line.remittance.includes(number) && line.status === 'MATCHED' && line.match?.automatic,
      ),
    );
  }

  /** The types of the events on the stream, and how many processes listen to it. */
  async function stream(): Promise<{ types: ReadonlySet<string>; listeners: number }> {
    const connection = await connectNats(nats.url);
    try {
      const manager = await jetstreamManager(connection);
      const info = await manager.streams.info('CROSSFOOT_EVENTS', { subjects_filter: '>' });
      const types = Object.keys(info.state.subjects ?? {}).map((subject) =>
        subject.split('.').slice(3).join('.'),
      );
      return { types: new Set(types), listeners: info.state.consumer_count };
    } finally {
      await connection.close();
    }
  }

  test('every process listens to the stream, and what happened stands on it', async () => {
    await eventually(async () => (await stream()).listeners === 8);
    await reconcile('NH-1', '1');
    for (const type of ['statement.imported', 'match.accepted', 'journalEntry.posted']) {
      await eventually(async () => (await stream()).types.has(type));
    }
    expect((await stream()).listeners).toBe(8);
  });

  test('work goes on while the server is away, and all listen again when it is back', async () => {
    await nats.kill();
    await reconcile('NH-2', '2');
    await nats.start();
    await eventually(async () => (await stream()).listeners === 8);
    await reconcile('NH-3', '3');
    const matched = (await linesNow(company)).filter((line) => line.status === 'MATCHED');
    expect(matched).toHaveLength(3);
  });
});
