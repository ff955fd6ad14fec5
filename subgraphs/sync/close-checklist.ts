import {
  checklistDays,
  checklistItemType,
  countedItem,
  mostTargets,
  type ChecklistItem,
} from '#kernel/close-checklist';
import type { Context } from '#kernel/context';
import { extension } from '#kernel/graphql-types';
import { graph } from './graph.ts';

interface Counted {
  readonly connections: number;
  readonly waiting: number;
  readonly refused: number;
  readonly targets: readonly string[] | null;
}

const behind = `
  select (select count(*)::int from sync.connection c where c.book_id = $1) as connections,
         count(*) filter (where x.status = 'PENDING')::int as waiting,
         count(*) filter (where x.status = 'FAILED')::int as refused,
         (array_agg(x.entry_id order by x.entry_id))[1:${mostTargets}] as targets
    from sync.connection c
    join sync.sync_item x on x.organisation_id = c.organisation_id and x.connection_id = c.id
     and x.status in ('PENDING', 'FAILED')
    join sync.posted_entry e on e.organisation_id = x.organisation_id and e.id = x.entry_id
   where c.book_id = $1 and e.posted_on between $2 and $3`;

async function syncItems(id: string, context: Context): Promise<ChecklistItem[]> {
  const days = checklistDays(id);
  if (!days) return [];
  const [row] = await context.sql<Counted>(behind, [days.bookId, days.startsOn, days.endsOn]);
  const about = {
    key: 'SYNC_IN_STEP',
    title: 'Bring the accounting system up to date',
    severity: 'MEDIUM',
  } as const;
  if (!row?.connections) {
    const detail = 'The book is connected to no accounting system.';
    return [{ ...about, status: 'NOT_APPLICABLE', count: 0, detail, targets: [] }];
  }
  return [
    countedItem({
      ...about,
      count: row.waiting + row.refused,
      left: `entries of these days are not in the accounting system; ${row.refused} of them were refused`,
      nothing: 'The accounting system has every entry of these days.',
      targets: (row.targets ?? []).map((target) => ({ type: 'JournalEntry', id: target })),
      blocked: row.refused > 0,
    }),
  ];
}

const ChecklistItemType = checklistItemType(graph, 'sync:read');

extension(graph, 'CloseChecklist', {
  scope: 'sync:read',
  views: ['partner', 'portal'],
  fields: (t) => ({
    syncItems: t.field({
      type: [ChecklistItemType],
      nullable: true,
      description: 'The points of connected accounting systems.',
      resolve: (checklist, _args, context) => syncItems(checklist.id, context),
    }),
  }),
});
