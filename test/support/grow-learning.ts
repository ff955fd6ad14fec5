import { mutate, type Company } from './company.ts';
import { eventually } from './eventually.ts';
import type { Movement } from './papers.ts';
import { postInvoice } from './steps.ts';

const supplier = 'Alpina Spedition GmbH';
const net = (round: number) => ({ PAYEE: 310 + round, SHORT: 420 + round, REFUSED: 530 + round });

/** Invoices of a supplier whose payments differ from what is open, or go to somebody else. */
export async function postToLearnFrom(company: Company, round: number): Promise<void> {
  for (const [name, amount] of Object.entries(net(round)))
    await postInvoice(company, { number: `${name} ${round}00${round}`, net: amount, supplier });
}

/** A payment to a payee nobody knew, one that is a little short, and one that a person will not have. */
export function learningMovements(round: number): Movement[] {
  const payee = ['Alpha', 'Bravo', 'Cesar', 'Delta', 'Emil'][round - 1] ?? 'Zulu';
  return Object.entries(net(round)).map(([name, amount]) => ({
    cents: -Math.round(amount * 119) + (name === 'PAYEE' ? 0 : 317),
    on: '2026-10-21',
    name: name === 'PAYEE' ? `${payee} Treuhand` : supplier,
    text: `${name} ${round}00${round}`,
  }));
}

/** Somebody declines what was found for one of them, and the book lets pass one currency more. */
export async function growLearning({ owner, bookId }: Company, round: number): Promise<void> {
  const matchId = await eventually(async () => {
    const { matches } = await owner.run<{
      matches: { edges: { node: { id: string; lines: { remittance: string }[] } }[] };
    }>(
      'query ($b: ID!) { matches(bookId: $b, status: SUGGESTED, first: 100) { edges { node { id lines { remittance } } } } }',
      { b: bookId },
    );
    const named = ({ remittance }: { remittance: string }) =>
      remittance.includes(`REFUSED ${round}00${round}`);
    return matches.edges.find(({ node }) => node.lines.some(named))?.node.id;
  });
  await mutate(owner, 'declineMatch', { input: { matchId, reason: 'Not this one' } });
  const currencies = ['EUR', 'USD', 'GBP', 'CHF', 'SEK'].slice(0, round);
  await mutate(owner, 'setMatchingSettings', {
    input: {
      bookId,
      differenceTolerances: currencies.map((currency) => ({
        most: { amount: '0.05', currency },
        accountCode: '6990',
      })),
    },
  });
}
