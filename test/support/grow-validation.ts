import { mutate, type Company } from './company.ts';
import { eventually } from './eventually.ts';

/** Accounts that documents and payments alone should move. */
const controlAccounts = ['2000', '1200', '2400'] as const;

/** Moves one more control account by hand, which the continuous validation finds. */
export async function growValidation({ owner, bookId }: Company, round: number): Promise<void> {
  const found = Math.min(round, controlAccounts.length);
  await mutate(owner, 'postJournalEntry', {
    input: {
      bookId,
      postedOn: '2026-10-20',
      description: `By hand ${round}`,
      lines: [
        {
          accountCode: controlAccounts[(round - 1) % 3],
          side: 'DEBIT',
          amount: `${round}.00`,
          currency: 'EUR',
        },
        { accountCode: '1100', side: 'CREDIT', amount: `${round}.00`, currency: 'EUR' },
      ],
    },
  });
  await eventually(async () => {
    await mutate(owner, 'requestValidation', { input: { bookId } });
    const answer = await owner.run<{ validationFindings: { edges: { node: { invariant: string } }[] } }>(
      'query ($b: ID!) { validationFindings(bookId: $b, status: OPEN) { edges { node { invariant } } } }',
      { b: bookId },
    );
    const { edges } = answer.validationFindings;
    return edges.filter(({ node }) => node.invariant === 'CONTROL_ACCOUNTS').length >= found;
  });
}
