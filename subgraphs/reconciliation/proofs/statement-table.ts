import { parseMoney, type Money } from '#kernel/money';
import type { ReportTable, TableColumn, TableRow } from '#kernel/report-table';
import { kindTitles } from './kind-titles.ts';
import type { StatementContent, WrittenItem, WrittenMoney } from './statement-content.ts';

const columns = (currency: string): TableColumn[] => [
  { label: 'Item', kind: 'TEXT', share: 13 },
  { label: 'Day', kind: 'TEXT', share: 3 },
  { label: 'Reference', kind: 'TEXT', share: 5 },
  { label: `Amount ${currency}`, kind: 'MONEY', share: 4 },
];

/** A reconciliation statement as a table: the bank's balance, every item by kind, the books' balance, what remains. */
export function statementTable(content: StatementContent): ReportTable {
  const { asOf, currency, drawnUpAt, ledgerAccountCode, accounts, verdict } = content;
  const names = accounts.map(({ name, lastFour }) => `${name} …${lastFour}`).join(', ');
  return {
    name: 'reconciliation-statement',
    title: 'Reconciliation statement',
    owner: content.owner,
    subtitle: `${names} · account ${ledgerAccountCode} · ${asOf} · ${verdict} · drawn up ${drawnUpAt.slice(0, 16).replace('T', ' ')} UTC`,
    columns: columns(currency),
    rows: rowsOf(content),
    notes: content.notes,
  };
}

function* rowsOf(content: StatementContent): Generator<TableRow> {
  const { asOf, currency, totals, ledgerAccountCode, items } = content;
  yield heading('Balance at the bank');
  for (const account of content.accounts) yield* accountRows(account);
  const own = totals.filter(({ bank }) => bank.currency === currency);
  for (const { bank } of own) yield sum('Balance at the bank', asOf, bank);
  for (const { kind, effect, count } of content.summary) {
    const listed = items.filter((item) => item.kind === kind && item.effect.currency === effect.currency);
    const foreign = effect.currency === currency ? '' : ` in ${effect.currency}`;
    yield heading(`${kindTitles[kind]}${foreign}`);
    for (const item of listed) yield itemRow(item);
    yield sum(count === 1 ? 'One item' : `${count.toString()} items`, '', effect);
  }
  for (const { bank, items: listed, book, remainder } of totals) {
    const foreign = bank.currency === currency ? '' : ` in ${bank.currency}`;
    yield heading(`Proof${foreign}`);
    yield plain(`Balance at the bank${foreign}`, asOf, bank);
    yield plain(`Listed items${foreign}`, '', listed);
    yield plain(`Balance of account ${ledgerAccountCode} in the books${foreign}`, asOf, book);
    yield {
      kind: 'CHECK',
      depth: 0,
      cells: [`Not explained${foreign}, must be zero`, '', '', moneyOf(remainder)],
    };
  }
  if (content.unexplained.length > 0) yield heading('Where balances and lines of the bank part');
  for (const { afterOn, throughOn, amount } of content.unexplained) {
    yield plain(afterOn === null ? 'Before' : `After ${afterOn}, through`, throughOn, amount);
  }
}

function* accountRows(account: StatementContent['accounts'][number]): Generator<TableRow> {
  const { name, stated, statedOn, statementReference, later, laterCount, balance } = account;
  if (stated === null) {
    yield plain(`${name}: lines known, no balance stated`, '', balance);
    return;
  }
  yield {
    kind: 'LINE',
    depth: 0,
    cells: [`${name}: balance stated by the bank`, statedOn, statementReference ?? '', moneyOf(stated)],
  };
  if (laterCount > 0) yield plain(`${name}: ${laterCount} lines after it`, '', later);
}

function itemRow({ label, on, reference, effect, booked, detail }: WrittenItem): TableRow {
  const words = [label, detail].filter((one) => one !== null && one !== '').join(' · ');
  return {
    kind: 'LINE',
    depth: 1,
    cells: [booked ? `${words} (${booked.amount})` : words, on, reference ?? '', moneyOf(effect)],
  };
}

function heading(label: string): TableRow {
  return { kind: 'HEADING', depth: 0, cells: [label, '', '', null] };
}

function plain(label: string, day: string, amount: WrittenMoney): TableRow {
  return { kind: 'LINE', depth: 0, cells: [label, day, '', moneyOf(amount)] };
}

function sum(label: string, day: string, amount: WrittenMoney): TableRow {
  return { kind: 'TOTAL', depth: 0, cells: [label, day, '', moneyOf(amount)] };
}

function moneyOf({ amount, currency }: WrittenMoney): Money {
  return parseMoney(amount, currency);
}
