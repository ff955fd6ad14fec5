import { z } from 'zod';
import { command, type Transaction } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { amount, id, text } from '#kernel/input';
import { allocate, formatMoney, money, sum, type Money } from '#kernel/money';
import { toWire } from '#kernel/wire-money';
import { accountOf } from './chart-of-accounts.ts';
import { loadDraft, type StoredDraft } from './draft.ts';

type Line = StoredDraft['lines'][number];

/** Sets the amount of a tax of a draft by hand. */
export const overrideTax = command({
  name: 'overrideTax',
  description:
    'Sets a tax of a draft that waits for approval to the amount given, exactly; what is owed stays, so that the difference goes to what was bought or sold. The approval starts anew.',
  scope: 'transactions:write',
  input: z.object({
    draftId: id(),
    taxCode: z
      .string()
      .max(40)
      .optional()
      .meta({ description: 'Which tax; may be left out when the draft has only one.' }),
    tax: amount().meta({
      graphql: 'MoneyInput',
      description: 'What the tax is to be, zero or more, in the currency of the draft.',
    }),
    reason: text(500).meta({ description: 'Why; kept in the audit log and shown to whoever approves.' }),
  }),
  async run(transaction, { draftId, taxCode, tax, reason }) {
    const draft = await loadDraft(transaction, draftId);
    requireChangeable(draft, tax);
    const lines = linesOfTax(draft, taxCode);
    const before = amountOf(lines, draft.total.currency);
    if (before.minor === tax.minor) {
      const message = `The tax is ${formatMoney(tax)} already`;
      throw new CrossfootError('FIELD_INVALID', message, { path: ['tax', 'amount'] });
    }
    await setAmounts(transaction, draft, [
      ...taxAmounts(lines, tax),
      ...baseAmounts(draft, lines, { before, tax }),
    ]);
    const code = lines[0]?.tax?.code;
    const said = `Tax${code === undefined ? '' : ` ${code}`} set from ${formatMoney(before)} to ${formatMoney(tax)}: ${reason}`;
    const draftVersion = draft.version + 1;
    await transaction.query(
      `update transactions.draft
          set version = $2, updated_at = $3, reasons = reasons || $4::text,
              findings = jsonb_path_query_array(findings, '$[*] ? (@.code != "TAX_DIFFERS")')
        where id = $1`,
      [draft.id, draftVersion, transaction.now, said],
    );
    transaction.emit({
      type: 'draft.changed',
      subjectId: draft.id,
      bookId: draft.bookId,
      facts: {
        draftVersion,
        total: toWire(draft.total),
        summary: draft.description,
        changedBy: transaction.actor.memberId,
      },
    });
    transaction.audit({
      subjectType: 'Draft',
      subjectId: draft.id,
      before: { taxCode: code, tax: toWire(before) },
      after: { taxCode: code, tax: toWire(tax), reason, version: draftVersion },
    });
    return { draftId: draft.id };
  },
});

function requireChangeable(draft: StoredDraft, tax: Money): void {
  if (draft.status !== 'PENDING_APPROVAL') {
    const message = `Draft ${draft.id} is ${draft.status} and can no longer be changed`;
    throw new CrossfootError('STATE_CONFLICT', message, { path: ['draftId'] });
  }
  if (tax.currency !== draft.total.currency) {
    const message = `The draft is in ${draft.total.currency}, not in ${tax.currency}`;
    throw new CrossfootError('CURRENCY_MISMATCH', message, { path: ['tax', 'currency'] });
  }
  if (tax.minor < 0n) {
    throw new CrossfootError('AMOUNT_INVALID', 'A tax is zero or more; the kind of document says the side', {
      path: ['tax', 'amount'],
    });
  }
}

/** The lines of one tax: in its account, and in those it is a cost of. */
function linesOfTax({ id: draftId, lines }: StoredDraft, taxCode: string | undefined): Line[] {
  const taxes = lines.filter((line) => line.role === 'TAX' || line.tax?.role === 'TAX');
  const codes = [...new Set(taxes.map((line) => line.tax?.code))];
  const path = ['taxCode'];
  if (codes.length === 0) {
    throw new CrossfootError('FIELD_INVALID', `Draft ${draftId} has no tax`, { path: ['draftId'] });
  }
  if (taxCode === undefined && codes.length > 1) {
    const message = `Draft ${draftId} has several taxes: ${codes.map((code) => code ?? 'one without a code').join(', ')}`;
    throw new CrossfootError('FIELD_MISSING', message, { path });
  }
  const wanted = taxCode ?? codes[0];
  const found = taxes.filter((line) => line.tax?.code === wanted);
  if (found.length > 0) return found;
  throw new CrossfootError('FIELD_INVALID', `Draft ${draftId} has no tax ${wanted}`, { path });
}

const isOwed = (line: Line): boolean => line.accountCode === accountOf.OUTPUT_VAT_REVERSE_CHARGE;

/** What a tax comes to; of a reverse charge, which stands on both sides, one side. */
function amountOf(lines: readonly Line[], currency: string): Money {
  const oneSide = lines.filter((line) => !isOwed(line));
  return sum(
    currency,
    oneSide.map((line) => line.money),
  );
}

interface NewAmount {
  readonly position: number;
  readonly minor: bigint;
}

/** The tax over its lines as it was spread before; the side that is owed of a reverse charge takes all of it. */
function taxAmounts(lines: readonly Line[], tax: Money): NewAmount[] {
  const spread = lines.filter((line) => !isOwed(line));
  const weights = spread.map((line) => line.money.minor);
  const parts = allocate(
    tax,
    weights.some((weight) => weight > 0n)
      ? weights
      : weights.map((_weight, index) => (index === 0 ? 1n : 0n)),
  );
  return [
    ...spread.map(({ position }, index) => ({ position, minor: (parts[index] as Money).minor })),
    ...lines.filter(isOwed).map(({ position }) => ({ position, minor: tax.minor })),
  ];
}

/** What the tax gives or takes of the base: the largest line of what was bought or sold, of the same code first. */
function baseAmounts(
  draft: StoredDraft,
  lines: readonly Line[],
  { before, tax }: { before: Money; tax: Money },
): NewAmount[] {
  if (lines.some(isOwed)) return [];
  const [first] = lines;
  const bases = draft.lines.filter(
    (line) => line.role === 'CONTENT' && line.tax?.role !== 'TAX' && line.side === first?.side,
  );
  const ofCode = bases.filter((line) => line.tax?.code === first?.tax?.code);
  const base = (ofCode.length > 0 ? ofCode : bases).reduce<Line | undefined>(
    (largest, line) => (largest && largest.money.minor >= line.money.minor ? largest : line),
    undefined,
  );
  const minor = (base?.money.minor ?? 0n) + before.minor - tax.minor;
  if (base && minor >= 0n) return [{ position: base.position, minor }];
  const most = formatMoney(money(before.minor + (base?.money.minor ?? 0n), before.currency));
  throw new CrossfootError('FIELD_INVALID', `The tax can be ${most} at most: what is owed stays`, {
    path: ['tax', 'amount'],
  });
}

async function setAmounts(
  transaction: Transaction,
  draft: StoredDraft,
  amounts: readonly NewAmount[],
): Promise<void> {
  await transaction.query(
    `update transactions.draft_line l set minor = n.minor
       from unnest($2::int[], $3::bigint[]) as n (position, minor)
      where l.draft_id = $1 and l.position = n.position`,
    [draft.id, amounts.map(({ position }) => position), amounts.map(({ minor }) => minor)],
  );
}
