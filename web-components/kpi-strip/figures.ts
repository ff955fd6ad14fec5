import type { Tone } from '../base/chips.ts';
import { formatAgo, formatMoney, sumPerCurrency } from '../base/format.ts';
import type { IconName } from '../theme/icons.ts';
import type { ApprovalFigures, ReconciliationFigures, SyncFigures } from './kpi-strip.operations.ts';

/** One number of the strip: what it is, the number, and the line that makes sense of it. */
export interface Figure {
  readonly label: string;
  readonly value: string;
  readonly note: string;
  readonly tone: Tone;
  readonly icon: IconName;
  /** Share between 0 and 100 to draw as a bar, where the number is one. */
  readonly share?: number;
}

function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** How many approvals wait for this person, and since when. */
export function waitingFigure({ waiting }: ApprovalFigures, locale: string): Figure {
  const yours = waiting.edges.map((edge) => edge.node).filter((request) => request.viewerCanDecide);
  const oldest = yours.map((request) => request.requestedAt).toSorted()[0];
  const others = waiting.totalCount - yours.length;
  const note = oldest ? `oldest ${formatAgo(oldest, locale)}` : 'nothing to decide';
  return {
    label: 'Waiting for you',
    value: String(yours.length),
    note: others > 0 ? `${note}, ${others} with others` : note,
    tone: yours.length > 0 ? 'warn' : 'ok',
    icon: 'inbox',
  };
}

/** Which part of all approvals the policy settled without a person. */
export function touchlessFigure({ waiting, automatic, approved, rejected }: ApprovalFigures): Figure {
  const all = waiting.totalCount + automatic.totalCount + approved.totalCount + rejected.totalCount;
  const share = all === 0 ? 0 : Math.round((automatic.totalCount / all) * 100);
  return {
    label: 'Booked without touch',
    value: all === 0 ? '–' : `${share} %`,
    note: `${automatic.totalCount} of ${plural(all, 'document')}`,
    tone: '',
    icon: 'spark',
    share,
  };
}

/** What the bank shows and the books do not explain yet. */
export function unreconciledFigure(
  { reconciliationSummary: accounts }: ReconciliationFigures,
  locale: string,
): Figure {
  const open = accounts.reduce(
    (sum, account) => sum + account.unmatched + account.suggested + account.exceptions,
    0,
  );
  const exceptions = accounts.reduce((sum, account) => sum + account.exceptions, 0);
  const sums = sumPerCurrency(accounts.flatMap((account) => account.unreconciled));
  // No line breaks between a minus and its amount.
  const amounts = sums.map((sum) => formatMoney(sum, locale).replace('\u2212', '\u2212\u2060'));
  const lines = `${plural(open, 'line')}, ${plural(accounts.length, 'account')}`;
  // Amounts in several currencies do not add up to one number, so the lines are counted instead.
  const several = amounts.length > 1;
  const note = several ? amounts.join(', ') : lines;
  return {
    label: 'Unreconciled',
    value: several || amounts.length === 0 ? plural(open, 'line') : (amounts[0] ?? ''),
    note: exceptions > 0 ? `${note}, ${plural(exceptions, 'exception')}` : note,
    tone: exceptions > 0 ? 'warn' : open === 0 ? 'ok' : '',
    icon: 'bank',
  };
}

/** When the accounting systems were last brought in step. */
export function syncFigure({ connections }: SyncFigures, locale: string): Figure {
  const label = 'Last sync to ledger';
  if (connections.length === 0)
    return { label, value: '–', note: 'nothing connected', tone: '', icon: 'sync' };
  const last = connections
    .flatMap(({ lastRun }) => lastRun?.finishedAt ?? [])
    .toSorted()
    .at(-1);
  const good = connections.filter(({ status, failed }) => status === 'ACTIVE' && failed === 0).length;
  return {
    label,
    value: last ? formatAgo(last, locale) : 'not yet',
    note: `${good} of ${plural(connections.length, 'system')} in order`,
    tone: good === connections.length ? 'ok' : 'bad',
    icon: 'sync',
  };
}
