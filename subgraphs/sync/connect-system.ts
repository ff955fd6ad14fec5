import { join } from 'node:path';
import { z } from 'zod';
import { command, type Transaction } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { newId } from '#kernel/ids';
import { id, oneOf, text } from '#kernel/input';
import { foldName } from '#kernel/names';
import type { Services } from '#kernel/services';
import { accountingSystems } from '#connectors/ports';
import { queueItems, wakeDrain, type QueuedEntry } from './queue-items.ts';
import { requireBook } from './require-book.ts';

/** Connects a book to an accounting system; entries posted before are pushed too. */
export const connectSystem = command({
  name: 'connectSystem',
  description: 'Connects a book to an accounting system; entries posted before are pushed too.',
  scope: 'sync:write',
  input: z.object({
    bookId: id(),
    kind: oneOf('ConnectionKind', ['HLEDGER_JOURNAL']),
    name: text(80).meta({ description: 'How people call the connection; the file is named after it.' }),
  }),
  async run(transaction, { bookId, kind, name }) {
    await requireBook(transaction, bookId);
    const target = targetOf(transaction.organisationId, bookId, name);
    const taken = await transaction.maybe('select 1 from sync.connection where target = $1', [target]);
    if (taken) {
      throw new CrossfootError('ALREADY_EXISTS', `The book has a connection that writes ${target}`, {
        path: ['name'],
      });
    }
    // Asked for here already, so that nobody connects a system for which nothing is provided.
    transaction.services.port(accountingSystems).open(kind, absoluteTarget(transaction.services, target));
    const connection = { id: newId('con'), book_id: bookId };
    await transaction.insert('sync.connection', {
      id: connection.id,
      book_id: bookId,
      kind,
      name,
      target,
      status: 'ACTIVE',
      created_at: transaction.now,
    });
    const entries = await earlierEntries(transaction, bookId);
    await queueItems(transaction, connection, entries);
    wakeDrain(transaction, connection.id);
    transaction.emit({ type: 'connection.created', subjectId: connection.id, bookId, facts: {} });
    transaction.audit({
      subjectType: 'Connection',
      subjectId: connection.id,
      after: { bookId, kind, name, target, earlierEntries: entries.length },
    });
    return { connectionId: connection.id };
  },
});

/** Where the target of a connection is on this machine. */
export function absoluteTarget(services: Services, target: string): string {
  return join(services.dataFolder, target);
}

/** Letters and digits only, whatever the name: it becomes part of a path. */
function targetOf(organisationId: string, bookId: string, name: string): string {
  const slug = foldName(name)
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
  return `ledgers/${organisationId}/${bookId}-${slug || 'journal'}.journal`;
}

function earlierEntries(transaction: Transaction, bookId: string): Promise<QueuedEntry[]> {
  return transaction.query<{ id: string; position: bigint }>(
    'select id, position from sync.posted_entry where book_id = $1 order by position',
    [bookId],
  );
}
