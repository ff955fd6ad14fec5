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
  readonly count: number;
  readonly targets: readonly string[] | null;
}

/** The day of a draft is not known here: what was asked up to the last day may belong to these days. */
const pending = `
  select count(*)::int as count, (array_agg(x.id order by x.id))[1:${mostTargets}] as targets
    from approvals.approval_request x
   where x.book_id = $1 and x.status = 'PENDING' and x.requested_at < $2::date + 1`;

async function approvalItems(id: string, context: Context): Promise<ChecklistItem[]> {
  const days = checklistDays(id);
  if (!days) return [];
  const [row] = await context.sql<Counted>(pending, [days.bookId, days.endsOn]);
  return [
    countedItem({
      key: 'OPEN_APPROVALS',
      title: 'Decide the approval requests',
      severity: 'MEDIUM',
      count: row?.count ?? 0,
      left: `requests asked up to ${days.endsOn} are not decided`,
      nothing: 'Every request asked up to the last day is decided.',
      targets: (row?.targets ?? []).map((target) => ({ type: 'ApprovalRequest', id: target })),
    }),
  ];
}

const ChecklistItemType = checklistItemType(graph, 'approvals:read');

extension(graph, 'CloseChecklist', {
  scope: 'approvals:read',
  views: ['partner', 'portal'],
  fields: (t) => ({
    approvalItems: t.field({
      type: [ChecklistItemType],
      nullable: true,
      description: 'The points of approvals.',
      resolve: (checklist, _args, context) => approvalItems(checklist.id, context),
    }),
  }),
});
