import { mutate, tryMutate, type Company } from './company.ts';
import { growCurrencies } from './grow-currencies.ts';
import { growLearning, learningMovements, postToLearnFrom } from './grow-learning.ts';
import { growTaxes } from './grow-taxes.ts';
import { growTemplates } from './grow-templates.ts';
import { growFeeds } from './grow-feeds.ts';
import { growPayments } from './grow-payments.ts';
import { exceptionMovements, growExceptions, invoicePaidTwice } from './grow-exceptions.ts';
import { growProofs } from './grow-proofs.ts';
import { growPayouts, payoutMovement } from './grow-payouts.ts';
import { growReports } from './grow-reports.ts';
import { growValidation } from './grow-validation.ts';
import { camtStatement, ublInvoice, type Movement } from './papers.ts';
import { eventually } from './platform.ts';
import { importStatement, linesNow, postInvoice, submitInvoice, untilWaiting } from './steps.ts';

/** Adds one more of everything a company may have: the same again, `round` apart. Rounds count from 1. */
export async function growCompany(company: Company, round: number): Promise<void> {
  const of = (name: string) => `${name} ${round}`;
  await growMasterData(company, round);
  await postInvoice(company, { number: of('BIG'), net: 900 + round });
  await postInvoice(company, { number: of('SMALL'), net: 100 + round });
  const waiting = await submitInvoice(company, { number: of('WAITS'), net: 700 + round });
  await untilWaiting(company, waiting);
  await submitWrongInvoice(company, round);
  // Two alike, so that the bank line below has rivals.
  for (const twin of ['A', 'B']) {
    await postInvoice(company, { number: of(`TWIN-${twin}`), net: 3000 + 100 * round });
  }
  await growPayouts(company, round);
  await postToLearnFrom(company, round);
  await postInvoice(company, invoicePaidTwice(round));
  await growStatements(company, round);
  await growLearning(company, round);
  await growExceptions(company, round);
  await growPayments(company, round);
  await growProofs(company, round);
  await growFeeds(company, round);
  await growImports(company, round);
  await growSync(company);
  await growTemplates(company, round);
  await growReports(company, round);
  await growValidation(company, round);
}

/** It is kept, with its problem, and put aside. */
async function submitWrongInvoice({ submitter, bookId }: Company, round: number): Promise<void> {
  const number = `WRONG ${round}`;
  const fileId = await submitter.upload(`${number}.xml`, ublInvoice({ number, net: 40 + round, error: 7 }));
  const { errors } = await tryMutate(submitter, 'submitDocument', { input: { bookId, fileId } });
  if (errors[0]?.code !== 'DOCUMENT_TOTALS_DIFFER') throw new Error('The wrong invoice was taken');
}

async function growMasterData({ owner, bookId }: Company, round: number): Promise<void> {
  const of = (name: string) => `${name} ${round}`;
  await mutate(owner, 'registerVendor', {
    input: {
      name: `Similar Vendor ${'I'.repeat(round)}`,
      country: 'DE',
      aliases: [`SIMILAR ${round}`],
      identifiers: [{ scheme: 'DUNS', value: `15048378${round}` }],
      bankDetails: [{ accountNumber: `44001298${round}`, holder: 'Similar Vendor' }],
    },
  });
  await mutate(owner, 'openBook', {
    input: { name: of('Branch'), legalName: of('Branch GmbH'), country: 'DE', baseCurrency: 'EUR' },
  });
  const { member } = await mutate<{ member: { id: string } }>(owner, 'addMember', {
    input: { name: of('Mia'), email: `mia${round}@story.example`, roles: ['SUBMITTER'] },
    fields: 'member { id }',
  });
  await mutate(owner, 'createApiKey', { input: { memberId: member.id, name: of('key') } });
  await mutate(owner, 'createMappingRule', {
    input: { bookId, name: of('Rule'), accountCode: '6855', vendorNameContains: of('Somebody') },
  });
  await mutate(owner, 'openPeriod', {
    input: { bookId, startsOn: `20${20 - round}-01-01`, endsOn: `20${20 - round}-12-31` },
  });
  await growDimensions(owner, bookId, round);
  await growCurrencies({ owner, bookId }, round);
  await growTaxes({ owner, bookId }, round);
  const above = (amount: string) => [{ amount, currency: 'EUR' }];
  await mutate(owner, 'setApprovalPolicy', {
    input: {
      bookId,
      name: of('Policy'),
      automaticUpTo: above('500.00'),
      furtherLevels: [{ above: above('90000.00') }],
    },
  });
  const code = `10${40 + round}`;
  await mutate(owner, 'createAccount', { input: { bookId, code, name: of('Bank'), type: 'ASSET' } });
  await mutate(owner, 'openBankAccount', {
    input: {
      bookId,
      name: of('Bank'),
      accountNumber: `99887766${round}`,
      currency: 'EUR',
      ledgerAccountCode: code,
    },
  });
  await mutate(owner, 'connectSystem', { input: { bookId, kind: 'HLEDGER_JOURNAL', name: of('Ledger') } });
}

/** A dimension and a field more, an account that requires a dimension, and a receipt that says what it belongs to. */
async function growDimensions(owner: Company['owner'], bookId: string, round: number): Promise<void> {
  const [code, key] = [`CC${round}`, `field${'abcd'.charAt(round)}`];
  await mutate(owner, 'createDimension', { input: { bookId, key: `own${key}`, name: `Own ${round}` } });
  for (const [dimension, parent] of [['costCentre'], ['project'], ['project', code]]) {
    await mutate(owner, 'createDimensionValue', {
      input: { bookId, dimension, code: parent ? `${code}.1` : code, name: `Part ${round}`, parent },
    });
    await mutate(owner, 'setDimensionRequirement', {
      input: { bookId, dimension, accountCode: '6990', required: true, defaultValue: code },
    });
  }
  await mutate(owner, 'defineCustomField', {
    input: { bookId, key, label: `Field ${round}`, type: 'CHOICE', level: 'DOCUMENT', choices: ['A', 'B'] },
  });
  const dimensions = ['costCentre', 'project'].map((dimension) => ({ dimension, value: code }));
  await mutate(owner, 'defineCustomField', {
    input: { bookId, key: `entry${key}`, label: `Of entries ${round}`, type: 'TEXT', level: 'ENTRY' },
  });
  for (const postedOn of ['2025-12-30', '2026-10-04']) {
    await mutate(owner, 'postJournalEntry', {
      input: {
        bookId,
        postedOn,
        description: `Rent ${round}`,
        fields: [{ key: `entry${key}`, value: 'A' }],
        lines: [
          { accountCode: '6310', side: 'DEBIT', amount: `${round}.00`, currency: 'EUR', dimensions },
          { accountCode: '1000', side: 'CREDIT', amount: `${round}.00`, currency: 'EUR' },
        ],
      },
    });
  }
  await mutate(owner, 'submitDocument', {
    input: {
      bookId,
      document: {
        kind: 'RECEIPT',
        issuedOn: '2026-10-04',
        counterpartyName: 'Similar Vendor',
        currency: 'EUR',
        total: `${20 + round}.00`,
        dimensions,
        fields: [{ key, value: 'A' }],
        lines: [{ net: `${20 + round}.00`, dimensions }],
      },
    },
  });
}

/** One line that finds its invoice, one with two invoices to choose from, a fee nobody knows, and a payout. */
function movementsOf(round: number): Movement[] {
  const gross = (net: number) => -Math.round(net * 119);
  const name = 'Nordlicht Hosting GmbH';
  const on = '2026-10-20';
  return [
    { cents: gross(900 + round), on, name, text: `BIG ${round}`, reference: `BIG ${round}` },
    { cents: gross(3000 + 100 * round), on, name, text: 'Invoice' },
    { cents: -1850 - round, on, name: 'Hansebank AG', text: `Account fee ${round}` },
    payoutMovement(round),
    ...learningMovements(round),
    ...exceptionMovements(round),
  ];
}

/** Each statement opens with what the one before closed with. */
function openingOf(round: number): number {
  if (round === 1) return 1_000_000;
  return movementsOf(round - 1).reduce((sum, one) => sum + one.cents, openingOf(round - 1));
}

async function growStatements(company: Company, round: number): Promise<void> {
  const looked = async () => (await linesNow(company)).filter(({ status }) => status !== 'UNMATCHED').length;
  const before = await looked();
  const opening = openingOf(round);
  await importStatement(company, movementsOf(round), { id: String(round), opening });
  await eventually(async () => (await looked()) === before + movementsOf(round).length);
  // Its balances do not add up, so it is kept with its problem until somebody looks at it.
  const odd = [{ cents: -100 - round, on: '2026-10-30', name: 'Cafe Vela', text: `Odd ${round}` }];
  const fileId = await company.submitter.upload(
    'odd.xml',
    camtStatement(odd, { id: `9${round}`, opening: openingOf(round + 1), closing: 1 }),
  );
  await tryMutate(company.submitter, 'importBankStatement', { input: { bookId: company.bookId, fileId } });
}

/** A file of which one row more is wrong each time, beside an entry that is right. */
async function growImports({ owner, bookId }: Company, round: number): Promise<void> {
  const rows = [
    'Entry,Date,Account,Amount',
    `I${round},2026-10-05,6850,1.00`,
    `I${round},2026-10-05,1000,-1.00`,
    ...Array.from({ length: round }, (_, wrong) => `W${round}${wrong},2026-10-05,6850,wrong`),
  ];
  const fileId = await owner.upload(`journal-${round}.csv`, Buffer.from(rows.join('\n')));
  const { import: started } = await mutate<{ import: { id: string } }>(owner, 'startImport', {
    input: { bookId, fileId, kind: 'JOURNAL' },
    fields: 'import { id }',
  });
  await eventually(async () => {
    const answer = await owner.run<{ import: { status: string } }>(
      'query ($id: ID!) { import(id: $id) { status } }',
      {
        id: started.id,
      },
    );
    return answer.import.status === 'PARTLY_SUCCEEDED';
  });
}

/** Every connection has sent what it should. */
async function growSync({ owner, bookId }: Company): Promise<void> {
  await eventually(async () => {
    const { connections } = await owner.run<{ connections: { pending: number; pushed: number }[] }>(
      'query ($b: ID!) { connections(bookId: $b) { pending pushed } }',
      { b: bookId },
    );
    return connections.every(({ pending, pushed }) => pending === 0 && pushed > 0);
  });
}
