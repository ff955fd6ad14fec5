import { expect } from 'vitest';
import type { Actor } from '#kernel/actor';
import { formatMoney, parseMoney, subtract } from '#kernel/money';
import { importPayoutReport } from '../../subgraphs/reconciliation/statements/import-payout-report.ts';
import { upload } from './upload.ts';
import type { Workbench } from './workbench.ts';

/** Kind, gross, fee and the number of the invoice of a member. */
export type MemberRow = readonly [kind: string, gross: string, fee: string, invoice: string];

/** A payout reconciliation report of Stripe in EUR, paid out on 2026-03-05. */
export function stripeCsv(payoutId: string, members: readonly MemberRow[]): string {
  const heading =
    'automatic_payout_id,automatic_payout_effective_at,balance_transaction_id,created,currency,gross,fee,net,reporting_category,source_id,description,card_brand,card_country,payment_metadata[invoice_number]';
  const rows = members.map(([kind, gross, fee, invoice], at) => {
    const net = formatMoney(subtract(parseMoney(gross, 'EUR'), parseMoney(fee, 'EUR')));
    const id = `${payoutId}_${at + 1}`;
    return `${payoutId},2026-03-05 00:00:00,txn_${id},2026-03-02 10:00:00,eur,${gross},${fee},${net},${kind},ch_${id},,visa,DE,${invoice}`;
  });
  return [heading, ...rows, ''].join('\n');
}

/** Imports a report into a book and waits until everything has followed. */
export async function importReport(
  bench: Workbench,
  { bookId, text, actor }: { bookId: string; text: string; actor?: Actor },
) {
  const fileId = await upload(bench, text, { actor, name: 'report.csv' });
  const outcome = await bench.door('reconciliation').run(importPayoutReport, { bookId, fileId }, { actor });
  expect(outcome.errors).toEqual([]);
  await bench.settle();
  return outcome.result;
}

/** A payout as the API shows it. */
export interface ShownPayout {
  readonly id: string;
  readonly provider: string;
  readonly reference: string;
  readonly complete: boolean;
  readonly memberCount: number;
  readonly amount: { readonly amount: string };
  readonly match: { readonly id: string; readonly status: string } | null;
  readonly exceptions: readonly {
    readonly reason: string;
    readonly status: string;
    readonly detail: string;
  }[];
  readonly members: { readonly edges: readonly { readonly node: { readonly key: string } }[] };
}

/** The payouts of a book, the latest first. */
export async function payoutsOf(bench: Workbench, bookId: string): Promise<ShownPayout[]> {
  const data = await bench.query<{ payouts: { edges: { node: ShownPayout }[] } }>(
    'reconciliation',
    `query ($bookId: ID!) { payouts(bookId: $bookId) { edges { node {
       id provider reference complete memberCount amount { amount } match { id status }
       exceptions { reason status detail }
       totals { kind count gross { amount } fee { amount } net { amount } }
       members(first: 100) { edges { node { kind gross { amount } fee { amount } net { amount } references openItem { id } } } } } } } }`,
    { variables: { bookId } },
  );
  return data.payouts.edges.map((edge) => edge.node);
}
