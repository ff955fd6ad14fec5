import { mutate, type Company } from './company.ts';
import type { Movement } from './papers.ts';

const heading =
  'Merchant Account,Psp Reference,Merchant Reference,Payment Method,Creation Date,Type,Modification Reference,Gross Currency,Gross Debit (GC),Gross Credit (GC),Exchange Rate,Net Currency,Net Debit (NC),Net Credit (NC),Commission (NC),Markup (NC),Scheme Fees (NC),Interchange (NC),Batch Number';

/** What a payout of a round comes to, in cents. */
const centsOf = (round: number): number => 9_700 + 100 * round;

/** A tariff more, and a payout of which a fee is more than agreed and another was never agreed. */
export async function growPayouts(
  { owner, bookId }: Pick<Company, 'owner' | 'bookId'>,
  round: number,
): Promise<void> {
  await mutate(owner, 'setProcessorTariff', {
    input: {
      bookId,
      provider: 'ADYEN',
      kind: 'CHARGE',
      method: `visa${round}`,
      percent: '1',
      fixed: { amount: '0.10', currency: 'EUR' },
      startsOn: '2026-01-01',
    },
  });
  const day = '2026-10-18 10:00:00';
  const rows = [
    heading,
    `Kestrel,P${round}A,ORDER-10${round},visa${round},${day},Settled,M${round}A,EUR,,${99 + round}.00,1,EUR,,${97 + round}.00,1.50,0.50,,,${round}`,
    `Kestrel,P${round}B,ORDER-20${round},mc,${day},Settled,M${round}B,EUR,,1.00,1,EUR,,0.90,0.10,,,,${round}`,
    `Kestrel,,,,${day},Fee,Fees of ${round},,,,,EUR,0.90,,,,,,${round}`,
    `Kestrel,,,,${day},MerchantPayout,"TX90000${round}XT batch ${round}, Kestrel",,,,,EUR,${97 + round}.00,,,,,,${round}`,
  ];
  const fileId = await owner.upload(`payout-${round}.csv`, Buffer.from(rows.join('\n')));
  await mutate(owner, 'importPayoutReport', { input: { bookId, fileId } });
}

/** The bank line that brings the payout of a round. */
export function payoutMovement(round: number): Movement {
  const text = `TX90000${round}XT batch ${round}, Kestrel`;
  return { cents: centsOf(round), on: '2026-10-20', name: 'Adyen N.V.', text };
}
