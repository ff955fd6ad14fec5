import type { Scope } from '#kernel/actor';
import { isCalendarDate, type CalendarDate } from '#kernel/calendar';
import { isId } from '#kernel/ids';
import type { Graph } from '#kernel/graphql';
import { enumeration, type TypeRef } from '#kernel/graphql-types';
import { outward } from '#kernel/graphql-views';
import type { Money } from '#kernel/money';

/** Where a point of a close checklist stands. */
export type ChecklistStatus = 'DONE' | 'OPEN' | 'BLOCKED' | 'NOT_APPLICABLE';

/** One point of a close checklist, made by the subgraph that knows it. */
export interface ChecklistItem {
  /** Stable, unique in the whole checklist. */
  readonly key: string;
  readonly title: string;
  readonly status: ChecklistStatus;
  /** How much closing days with this point open would harm. */
  readonly severity: 'LOW' | 'MEDIUM' | 'HIGH';
  /** How many things are still to be done. */
  readonly count: number;
  /** How it stands, in a sentence. */
  readonly detail: string;
  /** What to look at, the first few. */
  readonly targets: readonly { readonly type: string; readonly id: string }[];
  /** What these things come to, in each currency; where they come to anything. */
  readonly amounts?: readonly Money[];
}

/** The days of a book that are to be closed. */
export interface ClosingDays {
  readonly bookId: string;
  readonly startsOn: CalendarDate;
  readonly endsOn: CalendarDate;
}

/** At most this many targets are named. */
export const mostTargets = 20;

/** A point of which a count says how it stands: done when there is nothing left. */
export function countedItem(
  item: Pick<ChecklistItem, 'key' | 'title' | 'severity' | 'count'> & {
    /** What there is of it, said after the count: `drafts wait`. */
    readonly left: string;
    readonly nothing: string;
    readonly targets?: ChecklistItem['targets'];
    readonly amounts?: readonly Money[];
    readonly blocked?: boolean;
  },
): ChecklistItem {
  const { key, title, severity, count, left, nothing, targets = [], amounts, blocked = false } = item;
  if (count === 0) return { key, title, severity, count, status: 'DONE', detail: nothing, targets: [] };
  const status = blocked ? 'BLOCKED' : 'OPEN';
  return {
    key,
    title,
    severity,
    count,
    status,
    detail: `${count} ${left}`,
    targets,
    ...(amounts ? { amounts } : {}),
  };
}

/** The id of the checklist of these days: the same in every subgraph that adds to it. */
export function checklistId({ bookId, startsOn, endsOn }: ClosingDays): string {
  return `cl_${bookId}_${startsOn}_${endsOn}`;
}

/** The days of a checklist; undefined for a text that is no id of one. */
export function checklistDays(id: string): ClosingDays | undefined {
  const [, bookId = '', startsOn = '', endsOn = ''] = /^cl_(bk_[^_]+)_([\d-]+)_([\d-]+)$/.exec(id) ?? [];
  if (!isId(bookId, 'bk') || !isCalendarDate(startsOn) || !isCalendarDate(endsOn)) return undefined;
  return startsOn <= endsOn ? { bookId, startsOn, endsOn } : undefined;
}

interface Target {
  readonly type: string;
  readonly id: string;
}

/** The type of a point of the close checklist, alike in every subgraph that adds to it; answered to holders of the right. */
export function checklistItemType(graph: Graph, scope: Scope): TypeRef<ChecklistItem> {
  const statusType = enumeration(graph, 'ChecklistStatus', {
    description: 'Where a point of a close checklist stands.',
    values: {
      DONE: 'Nothing is left to do.',
      OPEN: 'Something is left to do.',
      BLOCKED: 'It cannot be done until something else is put right.',
      NOT_APPLICABLE: 'It does not concern this book.',
    },
  });
  const severityType = enumeration(graph, 'ChecklistSeverity', {
    description: 'How much closing with a point open would harm.',
    values: {
      LOW: 'It can be done later.',
      MEDIUM: 'The figures of the days will be incomplete.',
      HIGH: 'The figures of the days will be wrong.',
    },
  });
  const targetType = graph.builder.objectRef<Target>('ChecklistTarget').implement({
    description: 'Something a point of a close checklist is about.',
    shareable: true,
    authScopes: { scope },
    views: outward,
    fields: (t) => ({
      type: t.exposeString('type', { description: 'Its type in the graph.' }),
      id: t.exposeID('id', { description: 'Its id.' }),
    }),
  });
  return graph.builder.objectRef<ChecklistItem>('ChecklistItem').implement({
    description: 'A point of a close checklist.',
    shareable: true,
    authScopes: { scope },
    views: outward,
    fields: (t) => ({
      key: t.exposeString('key', { description: 'Stable, unique in the whole checklist.' }),
      title: t.exposeString('title', { description: 'What is to be done.' }),
      status: t.field({ type: statusType, description: 'Where it stands.', resolve: (item) => item.status }),
      severity: t.field({
        type: severityType,
        description: 'How much closing with it open would harm.',
        resolve: (item) => item.severity,
      }),
      count: t.exposeInt('count', { description: 'How many things are left to do.' }),
      detail: t.exposeString('detail', { description: 'How it stands, in a sentence.' }),
      targets: t.field({
        type: [targetType],
        description: `What to look at, the first ${mostTargets}.`,
        resolve: (item) => [...item.targets],
      }),
      amounts: t.field({
        type: [graph.money],
        description: 'What these things come to, in each currency; empty where that says nothing.',
        resolve: (item) => [...(item.amounts ?? [])],
      }),
    }),
  }) as TypeRef<ChecklistItem>;
}
