import { z } from 'zod';
import { command } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { date, id } from '#kernel/input';
import { wireMoney } from '#kernel/wire-money';
import { queueItems, wakeDrain, type QueueOwner } from './queue-items.ts';
import { lockBook } from './require-book.ts';

const postedLine = z.object({
  accountCode: z.string(),
  accountName: z.string(),
  side: z.enum(['DEBIT', 'CREDIT']),
  money: wireMoney(),
  memo: z.string().optional(),
  dimensions: z.record(z.string(), z.string()).optional(),
});

/** Keeps a posted entry and queues it for every connection of its book. */
export const queuePush = command({
  name: 'queuePush',
  description: 'Keeps a posted entry and queues it for every connection of its book.',
  scope: 'platform:internal',
  input: z.object({
    entryId: id(),
    bookId: id(),
    number: z.string(),
    postedOn: date(),
    description: z.string(),
    lines: z.array(postedLine).min(1),
    fields: z.record(z.string(), z.string()).optional(),
  }),
  async run(transaction, input) {
    const { entryId, bookId } = input;
    if (!(await lockBook(transaction, bookId))) {
      throw new CrossfootError('NOT_FOUND', `The book ${bookId} of ${entryId} is not known yet`);
    }
    const [entry] = await transaction.query<{ position: bigint }>(
      `insert into sync.posted_entry (organisation_id, id, book_id, number, posted_on, description, lines, fields)
       values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (organisation_id, id) do nothing returning position`,
      [
        transaction.organisationId,
        entryId,
        bookId,
        input.number,
        input.postedOn,
        input.description,
        JSON.stringify(input.lines),
        JSON.stringify(input.fields ?? {}),
      ],
    );
    if (!entry) return { entryId, connectionIds: [] };
    const connections = await transaction.query<QueueOwner & { status: string }>(
      'select id, book_id, status from sync.connection where book_id = $1 order by id',
      [bookId],
    );
    for (const connection of connections) {
      await queueItems(transaction, connection, [{ id: entryId, position: entry.position }]);
      if (connection.status !== 'PAUSED') wakeDrain(transaction, connection.id);
    }
    transaction.audit({
      subjectType: 'JournalEntry',
      subjectId: entryId,
      after: { queuedFor: connections.map((connection) => connection.id) },
    });
    return { entryId, connectionIds: connections.map((connection) => connection.id) };
  },
});
