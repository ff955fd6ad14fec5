import { mutate, tryMutate, type Company } from './company.ts';
import { eventually } from './eventually.ts';

/** An account of its own, so that nothing here mixes with the statements of the others. */
const account = { iban: 'DE02120300000000202051', currency: 'EUR' };
const csvMapping = { bookedOn: 'Tag', amount: 'Bewegung' };

/** A feed more, files more for the first one, a look more into a folder, announcements and columns named. */
export async function growFeeds({ owner, bookId }: Company, round: number): Promise<void> {
  const bankAccountId = await openAccount({ owner, bookId });
  await mutate(owner, 'createBankFeed', {
    input: { bookId, name: `Push ${round}`, kind: 'PUSH', bankAccountId },
  });
  if (round === 1) {
    const folder = { path: 'inbox' };
    await mutate(owner, 'createBankFeed', {
      input: { bookId, name: 'Drop', kind: 'FOLDER', folder, bankAccountId },
    });
  }
  const { bankFeeds } = await owner.run<{ bankFeeds: { id: string; name: string }[] }>(
    'query ($b: ID!) { bankFeeds(bookId: $b) { id name } }',
    { b: bookId },
  );
  const [drop, push] = ['Drop', 'Push 1'].map(
    (name) => bankFeeds.find((feed) => feed.name === name)?.id ?? '',
  );
  await lookInto({ owner }, drop ?? '', round);
  // A statement without lines, and a file that is none.
  const none = `Tag;Bewegung;Zeile ${round}\n`;
  for (const [name, text] of [
    ['announced.xml', announcement(round)],
    ['none.txt', `no statement ${round}`],
  ] as const) {
    const fileId = await owner.upload(name, Buffer.from(text));
    await tryMutate(owner, 'pushBankFeedFile', { input: { bankFeedId: push, fileId, name } });
  }
  const fileId = await owner.upload(`table-${round}.csv`, Buffer.from(none));
  await mutate(owner, 'importBankStatement', { input: { bookId, bankAccountId, fileId, csvMapping } });
}

async function openAccount({ owner, bookId }: Pick<Company, 'owner' | 'bookId'>): Promise<string> {
  const find = async (): Promise<string | undefined> => {
    const { bankAccounts } = await owner.run<{ bankAccounts: { id: string; name: string }[] }>(
      'query ($b: ID!) { bankAccounts(bookId: $b) { id name } }',
      { b: bookId },
    );
    return bankAccounts.find(({ name }) => name === 'Sent account')?.id;
  };
  const known = await find();
  if (known) return known;
  const input = { bookId, name: 'Sent account', ledgerAccountCode: '1090', ...account };
  await mutate(owner, 'openBankAccount', { input });
  return (await find()) ?? '';
}

/** Looks once more, and waits until that has ended. */
async function lookInto({ owner }: Pick<Company, 'owner'>, bankFeedId: string, round: number): Promise<void> {
  const runs = async (): Promise<number> => {
    const { bankFeed } = await owner.run<{ bankFeed: { runs: { edges: { node: { status: string } }[] } } }>(
      'query ($id: ID!) { bankFeed(id: $id) { runs { edges { node { status } } } } }',
      { id: bankFeedId },
    );
    return bankFeed.runs.edges.filter(({ node }) => node.status !== 'RUNNING').length;
  };
  if (round > 1) await mutate(owner, 'pullBankFeed', { input: { bankFeedId } });
  await eventually(async () => (await runs()) >= round);
}

function announcement(round: number): string {
  return `<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.052.001.08"><BkToCstmrAcctRpt>
    <GrpHdr><MsgId>A${round}</MsgId><CreDtTm>2026-10-05T12:00:00Z</CreDtTm></GrpHdr>
    <Rpt><Id>A${round}</Id><CreDtTm>2026-10-05T12:00:00Z</CreDtTm>
    <Acct><Id><IBAN>${account.iban}</IBAN></Id><Ccy>EUR</Ccy></Acct>
    <Ntry><Amt Ccy="EUR">${round}.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>PDNG</Cd></Sts>
    <ValDt><Dt>2026-10-05</Dt></ValDt><AcctSvcrRef>A${round}</AcctSvcrRef></Ntry></Rpt></BkToCstmrAcctRpt></Document>`;
}

/** The oldest feed, file, look and announcement of a company that has grown. */
export async function feedSamples({
  owner,
  bookId,
}: Pick<Company, 'owner' | 'bookId'>): Promise<Record<string, string | undefined>> {
  interface Rows {
    readonly edges: readonly { readonly node: { readonly id: string } }[];
  }
  const found = await owner.run<{
    bankFeeds: { id: string; runs: Rows }[];
    bankFeedFiles: Rows;
    pendingLines: Rows;
  }>(
    `query ($b: ID!) { bankFeeds(bookId: $b) { id runs { edges { node { id } } } }
       bankFeedFiles(bookId: $b) { edges { node { id } } } pendingLines(bookId: $b) { edges { node { id } } } }`,
    { b: bookId },
  );
  const [pulled] = found.bankFeeds.filter(({ runs }) => runs.edges.length > 0);
  return {
    'bankFeed.id': pulled?.id,
    'bankFeedFile.id': found.bankFeedFiles.edges.at(-1)?.node.id,
    'bankFeedRun.id': pulled?.runs.edges.at(-1)?.node.id,
    'pendingLine.id': found.pendingLines.edges.at(-1)?.node.id,
  };
}
