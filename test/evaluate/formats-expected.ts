import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { formatMoney, type Money } from '#kernel/money';
import type { BankLine, BankLineDetail, StatementFile } from '#connectors/ports';
import { parse } from 'yaml';
import { readPython, type PythonValue } from './python-literal.ts';

/** What another reader made of a file: the fields it gives, each compared as text. */
type Expected = Readonly<Record<string, string>>;

/** The outcome of holding a file against what lies beside it. */
export interface Comparison {
  /** The file that says what is expected. */
  readonly with: string;
  readonly values: number;
  readonly differences: readonly string[];
}

/** Compares a file that was read with the decoded `.json`, `.yml` or `.pydata` beside it; undefined where none lies there. */
export function compareWithExpectation(path: string, file: StatementFile): Comparison | undefined {
  const stem = path.replace(/\.[^./]+$/, '');
  if (existsSync(`${stem}.yml`)) return compareYaml(`${stem}.yml`, file);
  if (existsSync(`${stem}.json`)) return compareJson(`${stem}.json`, file);
  return comparePython(path, file);
}

/** Counts the values that were compared and lists those that are not the same; record 0 stands for the whole file. */
function compare(
  name: string,
  expected: readonly Expected[],
  found: (index: number) => Readonly<Record<string, string | undefined>>,
): Comparison {
  const differences: string[] = [];
  let values = 0;
  for (const [index, record] of expected.entries()) {
    const own = found(index);
    for (const [field, value] of Object.entries(record)) {
      values += 1;
      // What is said may go on: details have more than one block of text, and the other reader keeps the first.
      const isSame = field.startsWith('remittance') ? own[field]?.startsWith(value) : own[field] === value;
      if (isSame !== true) {
        differences.push(`${index}.${field}: ${own[field] ?? 'nothing'} instead of ${value}`);
      }
    }
  }
  return { with: basename(name), values, differences };
}

/** The first thing to compare is how many there are. */
function counted(expected: readonly Expected[]): readonly Expected[] {
  return [{ count: String(expected.length) }, ...expected];
}

function linesOf(file: StatementFile): BankLine[] {
  return file.statements.flatMap((statement) => statement.lines);
}

function squeezed(text: string): string {
  return text.replace(/\s+/g, '');
}

// --- JSON: a dumped camt message

interface DumpedMoney {
  readonly getAmount: string;
  readonly getCurrency: { readonly getCode: string };
}
type Dumped<T> = T | null | '__RECURSIVITY__';
interface DumpedDetail {
  readonly getAmount: Dumped<DumpedMoney>;
  readonly getCharges: Dumped<{ readonly getTotalChargesAndTaxAmount: DumpedMoney | null }>;
  readonly getReference: Dumped<{ readonly getEndToEndId: string | null }>;
  readonly getRemittanceInformation: Dumped<{
    readonly getUnstructuredBlock: Dumped<{ readonly getMessage: string }>;
    readonly getCreditorReferenceInformation: Dumped<{ readonly getRef: string | null }>;
  }>;
}
interface DumpedEntry {
  readonly getAmount: DumpedMoney;
  readonly getAccountServicerReference: string | null;
  readonly getBookingDate: { readonly 0: string } | null;
  readonly getValueDate: { readonly 0: string } | null;
  readonly getReversalIndicator: boolean;
  readonly getStatus: string | null;
  readonly getTransactionDetails: readonly Dumped<DumpedDetail>[];
  readonly getTransactionDetail: Dumped<DumpedDetail>;
}

const STATUSES: Readonly<Record<string, string>> = { BOOK: 'booked', PDNG: 'pending', INFO: 'information' };

function compareJson(path: string, file: StatementFile): Comparison {
  const { getEntries: entries } = JSON.parse(readFileSync(path, 'utf8')) as {
    getEntries: readonly DumpedEntry[];
  };
  // Of several statements the dump lists the entries of the last.
  const lines = file.statements.at(-1)?.lines ?? [];
  return compare(path, counted(entries.map(dumpedEntry)), (index) =>
    index === 0 ? { count: String(lines.length) } : camtFields(lines[index - 1]),
  );
}

function dumpedEntry(entry: DumpedEntry): Expected {
  // The dump writes an object once; where it comes again a word stands for it, and the first detail comes twice.
  const details = entry.getTransactionDetails.map(
    (one) => present(one) ?? present(entry.getTransactionDetail),
  );
  const fields = details.map((one, index) => (one === undefined ? {} : dumpedDetail(one, index + 1)));
  return given({
    amount: dumpedMoney(entry.getAmount),
    bookedOn: entry.getBookingDate?.[0].slice(0, 10),
    valueOn: entry.getValueDate?.[0].slice(0, 10),
    bankReference: entry.getAccountServicerReference ?? undefined,
    reversal: String(entry.getReversalIndicator),
    status: STATUSES[entry.getStatus ?? ''],
    ...Object.assign({}, ...fields),
  });
}

function dumpedDetail(detail: DumpedDetail, number: number): Record<string, string | undefined> {
  const remittance = present(detail.getRemittanceInformation);
  const endToEndId = present(detail.getReference)?.getEndToEndId ?? undefined;
  const charges = present(detail.getCharges)?.getTotalChargesAndTaxAmount ?? undefined;
  const message = present(remittance?.getUnstructuredBlock)?.getMessage;
  const reference = present(remittance?.getCreditorReferenceInformation)?.getRef ?? undefined;
  return {
    [`endToEndId${number}`]: endToEndId === 'NOTPROVIDED' ? undefined : endToEndId,
    [`charges${number}`]: charges && dumpedMoney(charges),
    [`remittance${number}`]: message && squeezed(message),
    [`structuredReference${number}`]: reference && squeezed(reference),
  };
}

function present<T>(value: Dumped<T> | undefined): T | undefined {
  return value === null || value === '__RECURSIVITY__' ? undefined : value;
}

function dumpedMoney({ getAmount, getCurrency }: DumpedMoney): string {
  return `${getAmount} ${getCurrency.getCode}`;
}

function camtFields(line: BankLine | undefined): Record<string, string | undefined> {
  if (line === undefined) return {};
  const details = line.details.map((detail, index) => ({
    [`endToEndId${index + 1}`]: detail.endToEndId,
    [`charges${index + 1}`]: detail.charges && minorUnits(detail.charges),
    [`remittance${index + 1}`]: squeezed(detail.remittance ?? ''),
    [`structuredReference${index + 1}`]: detail.structuredReference,
  }));
  return {
    amount: minorUnits(line.amount),
    bookedOn: line.bookedOn,
    valueOn: line.valueOn,
    bankReference: line.bankReference,
    reversal: String(line.reversal),
    status: line.status,
    ...Object.assign({}, ...details),
  };
}

function minorUnits({ minor, currency }: Money): string {
  return `${minor} ${currency}`;
}

// --- YAML: a dumped MT940 model

interface DumpedTransaction {
  readonly data: Readonly<Record<string, unknown>>;
}

function compareYaml(path: string, file: StatementFile): Comparison {
  const dump = parse(readFileSync(path, 'utf8'), { logLevel: 'silent', maxAliasCount: -1 }) as {
    transactions?: readonly DumpedTransaction[];
  };
  const lines = linesOf(file);
  const expected = (dump.transactions ?? []).map(({ data }) => dumpedTransaction(data));
  return compare(path, counted(expected), (index) =>
    index === 0 ? { count: String(lines.length) } : swiftFields(lines[index - 1], expected[index - 1]),
  );
}

function dumpedTransaction(data: DumpedTransaction['data']): Expected {
  const amount = data['amount'] as { amount: readonly [string]; currency?: string } | undefined;
  const text = (name: string): string | undefined =>
    typeof data[name] === 'string' && data[name] !== '' ? squeezed(data[name]) : undefined;
  return given({
    amount: amount?.amount[0] === undefined ? undefined : plain(amount.amount[0]),
    currency: typeof data['currency'] === 'string' ? data['currency'] : undefined,
    valueOn: dumpedDay(data['date']),
    bookedOn: dumpedDay(data['entry_date']),
    code: text('id'),
    bankReference: text('bank_reference'),
    // That reader does not know MTLG, which ends the reference, nor that this word says that there is none.
    endToEndId: text('end_to_end_reference')?.replace(/MTLG:.*|^NONREF$/, '') || undefined,
    name: text('applicant_name'),
    account: text('applicant_iban'),
  });
}

/** Days are four packed bytes: two of the year, the month, the day. */
function dumpedDay(value: unknown): string | undefined {
  const packed: unknown = Array.isArray(value) ? value[0] : undefined;
  if (!(packed instanceof Uint8Array)) return undefined;
  const [high = 0, low = 0, month = 0, day = 0] = packed;
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${high * 256 + low}-${two(month)}-${two(day)}`;
}

/** A decimal without what says nothing. */
function plain(amount: string): string {
  return amount.includes('.') ? amount.replace(/\.?0+$/, '') : amount;
}

function swiftFields(
  line: BankLine | undefined,
  expected: Expected | undefined,
): Record<string, string | undefined> {
  if (line === undefined) return {};
  const { counterparty } = line;
  const account = squeezed(counterparty.iban ?? counterparty.accountNumber ?? '');
  const told = expected?.['account'] ?? '';
  // That reader books RC and RD by their second letter; only with the sign turned do the balances of a file agree.
  const amount = plain(formatMoney(line.amount));
  const turned = amount.startsWith('-') ? amount.slice(1) : `-${amount}`;
  return {
    amount: line.reversal ? turned : amount,
    currency: line.amount.currency,
    valueOn: line.valueOn,
    bookedOn: line.bookedOn,
    code: line.transactionCode?.split('/')[0]?.replace(/\s+/g, ''),
    bankReference: line.bankReference === undefined ? undefined : squeezed(line.bankReference),
    endToEndId: line.endToEndId === undefined ? undefined : squeezed(line.endToEndId),
    name: counterparty.name === undefined ? undefined : squeezed(counterparty.name),
    // National numbers come with the number of their bank before them.
    account: account.endsWith(told) ? told : account,
  };
}

// --- Python: what an import made of a camt statement, one transaction a detail

function comparePython(path: string, file: StatementFile): Comparison | undefined {
  const name = basename(path);
  const [, test] = /__test-(camt053-[\w-]+)$/.exec(name) ?? [];
  if (test === undefined) return undefined;
  const golden = readdirSync(dirname(path)).filter((each) => each.endsWith(`golden-${test}.pydata`));
  const all = golden.map((each) => comparePythonFile(join(dirname(path), each), file));
  return {
    with: golden.join(', '),
    values: all.reduce((sum, each) => sum + each.values, 0),
    differences: all.flatMap((each) => each.differences.map((one) => `${each.with}: ${one}`)),
  };
}

type PythonRecord = Record<string, PythonValue>;

function comparePythonFile(path: string, file: StatementFile): Comparison {
  const [currency, number, statements] = readPython(readFileSync(path, 'utf8')) as [
    string | null,
    string | null,
    PythonRecord[],
  ];
  const transactions = statements.flatMap((one) => one['transactions'] as PythonRecord[]);
  const details = file.statements.flatMap((one) => one.lines).flatMap(splitOf);
  const [statement] = file.statements;
  const known = statement?.account.iban ?? statement?.account.accountNumber;
  const first = statements[0] ?? {};
  const expected: Expected[] = [
    given({
      currency: currency ?? undefined,
      account: number ?? undefined,
      opening: decimal(first['balance_start']),
      closing: decimal(first['balance_end_real']),
      count: String(transactions.length),
    }),
    ...transactions.map((one) =>
      given({
        amount: decimal(one['amount']),
        bookedOn: word(one['date']),
        valueOn: word(one['value_date']),
        account: word(one['account_number']),
        name: word(one['partner_name']),
        reference: word(one['ref']),
      }),
    ),
  ];
  return compare(path, expected, (index) =>
    index === 0
      ? {
          currency: statement?.currency,
          account: known,
          opening: statement?.opening && plain(formatMoney(statement.opening.amount)),
          closing: statement?.closing && plain(formatMoney(statement.closing.amount)),
          count: String(details.length),
        }
      : detailFields(details[index - 1]),
  );
}

function splitOf(line: BankLine): { line: BankLine; detail?: BankLineDetail }[] {
  return line.details.length === 0 ? [{ line }] : line.details.map((detail) => ({ line, detail }));
}

function detailFields(
  split: { line: BankLine; detail?: BankLineDetail } | undefined,
): Record<string, string | undefined> {
  if (split === undefined) return {};
  const { line, detail } = split;
  const party = detail?.counterparty ?? line.counterparty;
  return {
    amount: plain(formatMoney(detail?.amount ?? line.amount)),
    bookedOn: line.bookedOn,
    valueOn: line.valueOn,
    account: party.iban ?? party.accountNumber,
    name: party.name,
    reference: detail?.structuredReference ?? detail?.endToEndId ?? line.bankReference,
  };
}

function decimal(value: PythonValue | undefined): string | undefined {
  return typeof value === 'number' ? String(value) : undefined;
}

function word(value: PythonValue | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function given(fields: Readonly<Record<string, string | undefined>>): Expected {
  return Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
