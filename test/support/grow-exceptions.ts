import { mutate, type Company } from './company.ts';
import type { Movement } from './papers.ts';
import { linesNow } from './steps.ts';

/** Words without digits, so that each round has kinds of lines of its own. */
const words = ['alpha', 'beta', 'gamma', 'delta'] as const;
const wordOf = (round: number): string => words[(round - 1) % words.length] ?? '';

const reasons = ['NO_CANDIDATE', 'AMBIGUOUS', 'DUPLICATE', 'FEE_UNKNOWN'] as const;

/** As many equal bookings as a rule is learned from. */
const enough = 6;

/** The invoice of each round that is paid a second time by mistake. */
export function invoicePaidTwice(round: number): { readonly number: string; readonly net: number } {
  return { number: `RE-2026-080${round}`, net: 1200 + round };
}

/** Two kinds of lines that recur, a payment made twice, and one that nothing answers though its party is known. */
export function exceptionMovements(round: number): Movement[] {
  const on = '2026-10-21';
  const { number: reference, net } = invoicePaidTwice(round);
  const name = 'Nordlicht Hosting GmbH';
  const paid = { cents: -Math.round(net * 119), on, name, text: reference, reference };
  const recurring = (kind: string, times: number): Movement[] =>
    Array.from({ length: times }, () => ({
      cents: -500 - round,
      on,
      name: `${kind} ${wordOf(round)}`,
      text: `Monthly ${kind}`,
    }));
  return [
    ...recurring('Parking', enough + 1),
    ...recurring('Cleaning', enough),
    paid,
    paid,
    { cents: -7713 - round, on, name, text: 'Payment' },
  ];
}

/** One more of everything that exceptions have; for lines that are imported already. */
export async function growExceptions(company: Company, round: number): Promise<void> {
  const { owner, bookId, members } = company;
  await mutate(owner, 'createAssignmentRule', {
    input: {
      bookId,
      name: `Rule ${round}`,
      priority: round,
      condition: `mentions(text, "${wordOf(round)}")`,
      memberId: members.submitter,
    },
  });
  await mutate(owner, 'setKnowledgeNote', {
    input: { bookId, reason: reasons[(round - 1) % reasons.length], note: `Note ${round}` },
  });
  const rounds = Array.from({ length: round }, (_, at) => at + 1);
  await mutate(owner, 'setExceptionPolicy', {
    input: {
      bookId,
      amounts: rounds.map((one) => ({
        severity: 'MEDIUM',
        from: { amount: `${one}000000.00`, currency: 'EUR' },
      })),
      workingTime: {
        timeZone: 'Europe/Berlin',
        opens: '09:00',
        closes: '17:00',
        weekdays: [1, 2, 3, 4, 5],
        holidays: rounds.map((one) => `2026-12-2${one}`),
      },
    },
  });
  // The oldest one is what the walk asks for by its id.
  const { exceptions } = await owner.run<{ exceptions: { edges: { node: { id: string } }[] } }>(
    'query ($b: ID!) { exceptions(bookId: $b, first: 500) { edges { node { id } } } }',
    { b: bookId },
  );
  await mutate(owner, 'commentException', {
    input: { exceptionId: exceptions.edges.at(-1)?.node.id, text: `Comment ${round}` },
  });
  // Two rounds of bookings are more than one; more of them would push other entries off the first page.
  if (round > 2) return;
  await bookAlike(company, `Parking ${wordOf(round)}`);
  await bookAlike(company, `Cleaning ${wordOf(round)}`);
  const { exceptionRuleProposals } = await owner.run<{
    exceptionRuleProposals: { id: string; name: string }[];
  }>('query ($b: ID!) { exceptionRuleProposals(bookId: $b) { id name } }', { b: bookId });
  const cleaning = exceptionRuleProposals.find(({ name }) => name.includes(`cleaning ${wordOf(round)}`));
  await mutate(owner, 'acceptRuleProposal', { input: { bookId, proposalId: cleaning?.id } });
}

/** Books as many lines of the name as a rule needs. */
async function bookAlike(company: Company, name: string): Promise<void> {
  const alike = (await linesNow(company)).filter((line) => line.counterpartyName === name);
  for (const { id: lineId } of alike.slice(0, enough))
    await mutate(company.owner, 'bookStatementLine', { input: { lineId, accountCode: '6850' } });
}
