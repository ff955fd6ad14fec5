import { canonicalJson } from '#kernel/canonical';
import type { StatementContent, WrittenItem } from './statement-content.ts';

/** What became of an item since a statement was signed. */
export interface ItemChange {
  readonly change: 'ADDED' | 'REMOVED' | 'CHANGED';
  /** As it is now; of a removed one as it was. */
  readonly item: WrittenItem;
  readonly before: WrittenItem | undefined;
}

/** What has changed in a statement's days since it was signed, balances and items. */
export interface StatementChanges {
  readonly changed: boolean;
  readonly signed: StatementContent;
  readonly now: StatementContent;
  readonly items: readonly ItemChange[];
}

/** Holds a signed statement against the same statement as it would be drawn up now. */
export function compareStatements(signed: StatementContent, now: StatementContent): StatementChanges {
  const before = byKey(signed.items);
  const after = byKey(now.items);
  const items = [
    ...[...after].flatMap(([key, item]): ItemChange[] => {
      const earlier = before.get(key);
      if (!earlier) return [{ change: 'ADDED', item, before: undefined }];
      return same(earlier, item) ? [] : [{ change: 'CHANGED', item, before: earlier }];
    }),
    ...[...before].flatMap(([key, item]): ItemChange[] =>
      after.has(key) ? [] : [{ change: 'REMOVED', item, before: item }],
    ),
  ];
  const totals = canonicalJson(signed.totals) !== canonicalJson(now.totals);
  return { changed: totals || items.length > 0, signed, now, items };
}

/** An item is itself by what it is about, not by how far it is reconciled. */
function byKey(items: readonly WrittenItem[]): Map<string, WrittenItem> {
  const counts = new Map<string, number>();
  return new Map(
    items.map((item) => {
      const about = [...item.lineIds, '/', ...(item.lineIds.length > 0 ? [] : item.journalEntryIds)].join(
        ' ',
      );
      const key = `${item.kind === 'DIFFERENCE_BOOKED' ? 'booked' : ''} ${about} ${item.effect.currency}`;
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      return [`${key} ${count.toString()}`, item];
    }),
  );
}

function same(a: WrittenItem, b: WrittenItem): boolean {
  return a.kind === b.kind && a.on === b.on && a.effect.amount === b.effect.amount && a.detail === b.detail;
}
