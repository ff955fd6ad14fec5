import { z } from 'zod';
import type { CalendarDate } from '#kernel/calendar';
import { command } from '#kernel/command';
import { id } from '#kernel/input';

/** States how far the connected systems are behind a book, month by month. */
export const stateSyncFacts = command({
  name: 'stateSyncFacts',
  description: 'States how far the connected systems are behind a book, month by month.',
  scope: 'platform:internal',
  input: z.object({ bookId: id() }),
  async run(transaction, { bookId }) {
    const connections = await transaction.query('select 1 from sync.connection where book_id = $1', [bookId]);
    const rows = await transaction.query<{ month: CalendarDate; status: string; count: number }>(
      `select date_trunc('month', e.posted_on)::date as month, i.status, count(*)::int as count
         from sync.connection c
         join sync.sync_item i on i.organisation_id = c.organisation_id and i.connection_id = c.id
          and i.status in ('PENDING', 'FAILED')
         join sync.posted_entry e on e.organisation_id = i.organisation_id and e.id = i.entry_id
        where c.book_id = $1 group by 1, 2 order by 1, 2`,
      [bookId],
    );
    const of = (wanted: string) =>
      rows.filter((row) => row.status === wanted).map(({ month, count }) => ({ month, count }));
    transaction.emit({
      type: 'syncFacts.stated',
      subjectId: bookId,
      bookId,
      facts: { connections: connections.length, waiting: of('PENDING'), refused: of('FAILED') },
    });
    return { bookId };
  },
});
