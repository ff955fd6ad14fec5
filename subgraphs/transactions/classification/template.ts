import { z } from 'zod';
import { isCalendarDate } from '#kernel/calendar';
import { canonicalJson, sha256Hex } from '#kernel/canonical';

/** What a mapping rule is for: types of shop and card transactions; documents are EXPENSE, REIMBURSEMENT or SALE. */
export const transactionKinds = [
  'SALE',
  'PAYMENT',
  'REFUND',
  'FEE',
  'PAYOUT',
  'TAX',
  'TIP',
  'GIFT_CARD',
  'EXPENSE',
  'REIMBURSEMENT',
  'ASSET_PURCHASE',
] as const;

/** One type of transaction. */
export type TransactionKind = (typeof transactionKinds)[number];

/** What an amount becomes in the books; the account of a rule must be of this type. */
export const postingKinds = ['EXPENSE', 'LIABILITY', 'ASSET', 'INCOME'] as const;

/** One kind of posting. */
export type PostingKind = (typeof postingKinds)[number];

const quoted = (what: string) =>
  z.string({ error: (issue) => (typeof issue.input === 'number' ? `put ${what} in quotes` : undefined) });
const name = () => z.string().min(1).max(100);
const value = (what: string) => quoted(what).min(1).max(2_100);
const expression = () =>
  quoted('an expression').min(1).max(2_000).meta({ description: 'An expression, without the equals sign.' });
const dimensions = () => z.record(z.string().regex(/^[a-z][A-Za-z0-9]{0,39}$/), value('a dimension'));
const day = () => z.string().refine(isCalendarDate, { message: 'is not a day YYYY-MM-DD' });
const table = () => z.record(z.string().min(1).max(100), quoted('a value').max(200));

const templateLine = z.strictObject({
  debit: value('an account').optional(),
  credit: value('an account').optional(),
  amount: expression(),
  taxCode: value('a tax code').optional(),
  taxRole: z.enum(['BASE', 'TAX']).optional(),
  dimensions: dimensions().optional(),
  memo: value('a memo').optional(),
});

const templateRule = z.strictObject({
  name: name(),
  for: z.array(z.enum(transactionKinds)).min(1),
  category: z.array(z.string().min(1).max(100)).min(1).optional(),
  when: expression().optional(),
  posting: z.enum(postingKinds).optional(),
  account: value('an account').optional(),
  taxAccount: value('an account').optional(),
  taxCode: value('a tax code').optional(),
  against: value('an account').optional(),
  lines: z.array(templateLine).min(2).max(40).optional(),
  dimensions: dimensions().optional(),
  memo: value('a memo').optional(),
});

/** The parts of a transaction that are amounts. */
export const amountParts = [
  'gross',
  'net',
  'tax',
  'tip',
  'fee',
  'discount',
  'shipping',
  'giftCard',
  'total',
  'taxRate',
] as const;

/** The parts of a transaction that are text. */
export const textParts = [
  'category',
  'counterparty',
  'country',
  'description',
  'note',
  'number',
  'reference',
  'currency',
  'date',
  'source',
  'channel',
  'method',
  'employee',
  'document',
] as const;

const testInput = z.strictObject({
  kind: z.enum(transactionKinds),
  ...(Object.fromEntries(amountParts.map((part) => [part, quoted('an amount').optional()])) as Record<
    (typeof amountParts)[number],
    z.ZodOptional<z.ZodString>
  >),
  ...(Object.fromEntries(textParts.map((part) => [part, quoted('a text').optional()])) as Record<
    (typeof textParts)[number],
    z.ZodOptional<z.ZodString>
  >),
  dimensions: z.record(z.string(), z.string()).optional(),
});

const testOutput = z.strictObject({
  /** Null: no rule fits. */
  rule: z.string().nullable(),
  account: quoted('an account').optional(),
  taxAccount: quoted('an account').optional(),
  taxCode: quoted('a tax code').optional(),
  posting: z.enum(postingKinds).optional(),
  against: quoted('an account').optional(),
  dimensions: z.record(z.string(), z.string()).optional(),
  memo: quoted('a memo').optional(),
  lines: z
    .array(
      z.strictObject({
        debit: quoted('an account').optional(),
        credit: quoted('an account').optional(),
        amount: quoted('an amount'),
      }),
    )
    .optional(),
});

const templateTest = z.strictObject({
  name: name(),
  in: testInput,
  lookups: z.record(z.string(), table()).optional(),
  out: testOutput,
});

/** The shape of a mapping template, as it stands in its YAML file. */
export const templateSchema = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{1,59}$/, 'is lower-case letters, digits and hyphens'),
  title: z.string().min(1).max(200),
  description: z.string().max(2_000).optional(),
  priority: z.int().min(1).max(10_000).optional(),
  effectiveFrom: day().optional(),
  effectiveUntil: day().optional(),
  accounts: z
    .record(
      z.string().regex(/^[a-z][A-Za-z0-9]{0,39}$/, 'is a role such as cardClearing'),
      quoted('an account code').regex(/^[0-9A-Za-z][0-9A-Za-z.-]{0,19}$/, 'is not an account code'),
    )
    .optional(),
  lookups: z.record(z.string().regex(/^[a-z][A-Za-z0-9-]{0,59}$/), table()).optional(),
  rules: z.array(templateRule).min(1).max(300),
  tests: z.array(templateTest).max(500).optional(),
});

/** A mapping template: rules that turn documents and transactions into accounts, with tests of its own. */
export type Template = z.output<typeof templateSchema>;

/** One rule of a template. */
export type TemplateRule = Template['rules'][number];

/** One line of a rule that writes a whole entry. */
export type TemplateLine = NonNullable<TemplateRule['lines']>[number];

/** One test of a template: what goes in and what must come out. */
export type TemplateTest = NonNullable<Template['tests']>[number];

/** The identity of a template's content: the same content has the same hash, however its file is laid out. */
export function contentHash(template: Template): string {
  return sha256Hex(canonicalJson(template));
}
