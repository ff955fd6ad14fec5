import { CrossfootError } from '#kernel/errors';
import { currencyDigits, formatMoney, money, parseDecimal, type Money } from '#kernel/money';
import { closing, type ReportAccount, type Sums } from './account-sums.ts';
import { accountGroups } from './account-groups.ts';
import { fiscalYearOf } from './fiscal-year.ts';
import type { ReportBook } from './load-sums.ts';
import type { JournalFileEntry, JournalFileLine } from './read-journal.ts';
import { element, group, type Xml } from './saf-t-xml.ts';

/** What an audit file is made of. */
export interface AuditFile {
  readonly book: ReportBook;
  readonly from: string;
  readonly to: string;
  readonly madeOn: string;
  readonly accounts: readonly { readonly account: ReportAccount; readonly functional: Sums }[];
  readonly suppliers: readonly {
    readonly id: string;
    readonly name: string;
    readonly country: string | null;
  }[];
  readonly taxCodes: readonly string[];
  /** Dimensions with the codes lines carry. */
  readonly dimensions: readonly {
    readonly dimension: string;
    readonly code: string;
    readonly name: string | null;
  }[];
  readonly entryCount: number;
  /** All debits and all credits in the base currency. */
  readonly debit: bigint;
  readonly credit: bigint;
  readonly entries: AsyncIterable<readonly JournalFileEntry[]>;
}

/** OECD's namespace of version 2.00. */
export const safTNamespace = 'urn:OECD:StandardAuditFile-Taxation/2.00';

const accountTypes = {
  ASSET: 'Asset',
  LIABILITY: 'Liability',
  EQUITY: 'Equity',
  INCOME: 'Sale',
  EXPENSE: 'Expense',
};

/**
 * The accounts and the journal of some days as an audit file of OECD SAF-T 2.0, entry by entry, however many there are.
 * Amounts are in the base currency with the original beside them. Throws REPORT_UNSUITABLE for a base currency of more
 * than two decimals, which the format cannot hold.
 */
export async function* safT(file: AuditFile): AsyncGenerator<string> {
  if (currencyDigits(file.book.currency) > 2) {
    const message = `SAF-T 2.0 holds amounts of two decimals; those of ${file.book.currency} have more`;
    throw new CrossfootError('REPORT_UNSUITABLE', message, { path: ['format'] });
  }
  const codes: Codes = {
    accounts: new Map(file.accounts.map(({ account }) => [account.id, account.code])),
    tax: shortCodes(file.taxCodes),
    dimensions: shortCodes([...new Set(file.dimensions.map(({ dimension }) => dimension))]),
  };
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<AuditFile xmlns="${safTNamespace}">\n`;
  yield header(file).text;
  yield masterFiles(file, codes).text;
  yield '<GeneralLedgerEntries>\n';
  yield element('NumberOfEntries', String(file.entryCount)).text;
  yield element('TotalDebit', amountText(file, file.debit)).text;
  yield element('TotalCredit', amountText(file, file.credit)).text;
  yield `<Journal>\n${element('JournalID', 'GL').text}`;
  yield element('Description', 'General journal').text;
  yield element('Type', 'GL').text;
  for await (const batch of file.entries)
    yield batch.map((entry) => transaction(entry, file, codes).text).join('');
  yield '</Journal>\n</GeneralLedgerEntries>\n</AuditFile>\n';
}

interface Codes {
  /** By id. */
  readonly accounts: ReadonlyMap<string, string>;
  readonly tax: ReadonlyMap<string, string>;
  readonly dimensions: ReadonlyMap<string, string>;
}

function header({ book, from, to, madeOn }: AuditFile): Xml {
  return group('Header', [
    element('AuditFileVersion', '2.00'),
    element('AuditFileCountry', book.country, 2),
    element('AuditFileDateCreated', madeOn),
    element('SoftwareCompanyName', 'Crossfoot'),
    element('SoftwareID', 'Crossfoot'),
    element('SoftwareVersion', '1'),
    group('Company', [
      element('RegistrationNumber', book.taxId ?? book.id, 35),
      element('Name', book.legalName, 70),
      group('Address', [element('Country', book.country, 2)]),
      // The format wants a person; books know none.
      group('Contact', [
        group('ContactPerson', [element('FirstName', 'NotUsed'), element('LastName', 'NotUsed')]),
      ]),
      ...(book.taxId ? [group('TaxRegistration', [element('TaxRegistrationNumber', book.taxId, 35)])] : []),
    ]),
    element('DefaultCurrencyCode', book.currency),
    group('SelectionCriteria', [element('SelectionStartDate', from), element('SelectionEndDate', to)]),
    element('HeaderComment', book.name, 256),
    element('TaxAccountingBasis', 'Invoice'),
  ]);
}

function masterFiles(file: AuditFile, codes: Codes): Xml {
  const { accounts, suppliers, dimensions } = file;
  return group('MasterFiles', [
    ...list(
      'GeneralLedgerAccounts',
      accounts.map(({ account, functional }) => accountElement(file, account, functional)),
    ),
    ...list(
      'Suppliers',
      suppliers.map(({ id, name, country }) =>
        group('Supplier', [
          element('Name', name, 70),
          group('Address', [element('Country', country ?? file.book.country, 2)]),
          element('SupplierID', id, 35),
        ]),
      ),
    ),
    ...list('TaxTable', taxTable(file, codes)),
    ...list(
      'AnalysisTypeTable',
      dimensions.map(({ dimension, code, name }) =>
        group('AnalysisTypeTableEntry', [
          element('AnalysisType', codes.dimensions.get(dimension) ?? dimension, 9),
          element('AnalysisTypeDescription', dimension, 256),
          element('AnalysisID', code, 35),
          element('AnalysisIDDescription', name ?? code, 256),
        ]),
      ),
    ),
  ]);
}

function taxTable({ book, taxCodes }: AuditFile, codes: Codes): Xml[] {
  if (taxCodes.length === 0) return [];
  return [
    group('TaxTableEntry', [
      element('TaxType', 'VAT'),
      element('Description', 'Value added tax'),
      ...taxCodes.map((code) =>
        group('TaxCodeDetails', [
          element('TaxCode', codes.tax.get(code) ?? code, 9),
          element('Description', code, 256),
          element('Country', book.country, 2),
        ]),
      ),
    ]),
  ];
}

function accountElement(file: AuditFile, account: ReportAccount, functional: Sums): Xml {
  return group('Account', [
    element('AccountID', account.code, 70),
    element('AccountDescription', account.name, 256),
    element('GroupingCategory', accountGroups[account.group].label, 35),
    element('GroupingCode', account.group, 35),
    element('AccountType', accountTypes[account.type]),
    balance(file, 'Opening', functional.opening),
    balance(file, 'Closing', closing(functional)),
  ]);
}

function balance(file: AuditFile, when: 'Opening' | 'Closing', minor: bigint): Xml {
  const side = minor < 0n ? 'Credit' : 'Debit';
  return element(`${when}${side}Balance`, amountText(file, minor < 0n ? -minor : minor));
}

function transaction(entry: JournalFileEntry, file: AuditFile, codes: Codes): Xml {
  const year = fiscalYearOf(entry.postedOn, file.book.fiscalYearStartMonth);
  const month = (Number(entry.postedOn.slice(5, 7)) - file.book.fiscalYearStartMonth + 12) % 12;
  return group('Transaction', [
    element('TransactionID', entry.number, 70),
    element('Period', String(month + 1)),
    element('PeriodYear', year.endsOn.slice(0, 4)),
    element('TransactionDate', entry.postedOn),
    element('TransactionType', entry.kind, 18),
    element('Description', entry.description, 256),
    element('SystemEntryDate', entry.enteredOn),
    element('GLPostingDate', entry.postedOn),
    ...(entry.vendorId ? [element('SupplierID', entry.vendorId, 35)] : []),
    ...entry.lines.map((line) => lineElement(line, entry, { file, codes })),
  ]);
}

function lineElement(
  line: JournalFileLine,
  entry: JournalFileEntry,
  { file, codes }: { readonly file: AuditFile; readonly codes: Codes },
): Xml {
  const { currency } = file.book;
  const foreign = line.money.currency !== currency;
  const description = [
    line.memo ?? entry.description,
    ...(isCut(line.money) ? [exactText(line.money)] : []),
  ].join(' ');
  return group('Line', [
    element('RecordID', String(line.position)),
    element('AccountID', codes.accounts.get(line.accountId) ?? '', 70),
    ...Object.entries(line.dimensions).map(([dimension, code]) =>
      group('Analysis', [
        element('AnalysisType', codes.dimensions.get(dimension) ?? dimension, 9),
        element('AnalysisID', code, 35),
      ]),
    ),
    ...(entry.documentId ? [element('SourceDocumentID', entry.documentId, 35)] : []),
    element('Description', description, 256),
    group(line.side === 'DEBIT' ? 'DebitAmount' : 'CreditAmount', [
      element('Amount', amountText(file, line.functional ?? 0n)),
      ...(foreign ? originalAmount(line) : []),
    ]),
    ...(line.taxCode && line.taxRole === 'TAX' ? [taxInformation(line, file, codes)] : []),
  ]);
}

function originalAmount({ money: original, rate }: JournalFileLine): Xml[] {
  return [
    element('CurrencyCode', original.currency),
    element('CurrencyAmount', twoDecimals(original)),
    ...(rate === null ? [] : [element('ExchangeRate', rounded(rate, 8))]),
  ];
}

function taxInformation(line: JournalFileLine, file: AuditFile, codes: Codes): Xml {
  const code = line.taxCode ?? '';
  return group('TaxInformation', [
    element('TaxType', 'VAT'),
    element('TaxCode', codes.tax.get(code) ?? code, 9),
    group('TaxAmount', [element('Amount', amountText(file, line.functional ?? 0n))]),
  ]);
}

function list(name: string, items: readonly Xml[]): Xml[] {
  return items.length === 0 ? [] : [group(name, items)];
}

function amountText({ book }: AuditFile, minor: bigint): string {
  return formatMoney(money(minor, book.currency));
}

/** The format has two decimals: amounts of more are rounded, and stand exactly in the description of their line. */
function twoDecimals(amount: Money): string {
  return isCut(amount) ? rounded(formatMoney(amount), 2) : formatMoney(amount);
}

function isCut({ currency }: Money): boolean {
  return currencyDigits(currency) > 2;
}

function exactText(amount: Money): string {
  return `(${amount.currency} ${formatMoney(amount)})`;
}

/** A positive decimal with so many decimals at most, rounded half up. */
function rounded(text: string, decimals: number): string {
  const { digits, scale } = parseDecimal(text);
  if (scale <= decimals) return text;
  const unit = 10n ** BigInt(scale - decimals);
  const whole = (digits + unit / 2n) / unit;
  const padded = String(whole).padStart(decimals + 1, '0');
  return `${padded.slice(0, -decimals)}.${padded.slice(-decimals)}`;
}

/** Codes of nine characters at most, which the format wants: longer ones are cut, and numbered where they meet. */
function shortCodes(codes: readonly string[]): Map<string, string> {
  const short = new Map<string, string>();
  const taken = new Set<string>();
  for (const code of codes) {
    let candidate = code.slice(0, 9);
    for (let number = 2; taken.has(candidate); number += 1)
      candidate = `${code.slice(0, 9 - String(number).length)}${number}`;
    taken.add(candidate);
    short.set(code, candidate);
  }
  return short;
}
