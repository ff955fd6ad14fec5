import { isCurrency } from '#kernel/money';
import type { CsvColumns, CsvProfile } from '#connectors/ports';
import { csvRows } from './csv-expenses-rows.ts';
import type { CsvRow } from './csv-expenses-rows.ts';
import { quoted } from './statement-values.ts';

/** What a column of a bank's CSV can hold: what a mapping names, and what only headings tell. */
export type StatementColumn = keyof CsvColumns | 'direction' | 'account';
/** Places of the columns in a row, from zero. */
export type ColumnPlaces = Partial<Record<StatementColumn, number>>;

/** Where the table of a file is and what its columns are. */
export interface CsvLayout {
  readonly columns: ColumnPlaces;
  /** The headings as they stand; empty for a table without. */
  readonly header: readonly string[];
  /** The same of a table that is mapped by numbers and has headings all the same. */
  readonly headings?: readonly string[];
  /** A currency named in the heading of the amount, as in `Betrag (EUR)`. */
  readonly currency?: string;
  readonly rows: readonly CsvRow[];
  readonly delimiter: string;
  readonly guessed: boolean;
}

/** Why there is no layout. */
export interface NoLayout {
  readonly code: 'COLUMN_MISSING' | 'FORMAT_UNKNOWN' | 'FORMAT_UNSUPPORTED' | 'FORMAT_WRONG';
  readonly message: string;
  readonly line?: number;
  /** The headings, where the file has a line of them. */
  readonly header?: readonly string[];
}

/** Headings without case, accents and punctuation, in English, German, French, Dutch and Spanish; earlier ones win. */
const HEADINGS: Readonly<Record<StatementColumn, readonly string[]>> = {
  bookedOn: list(
    'booking date, booked on, posting date, posted date, transaction date, completed date',
    'date completed, date, buchungstag, buchungsdatum, buchung, datum, date operation',
    'date d operation, date de l operation, date de comptabilisation, date comptable, boekdatum',
    'boekingsdatum, transactiedatum, fecha operacion, fecha de operacion, fecha contable, f contable',
    'fecha',
  ),
  valueOn: list(
    'value date, interest date, valuta, valutadatum, valuta datum, wertstellung, wertstellungsdatum',
    'wert, date valeur, date de valeur, rentedatum, fecha valor, f valor',
  ),
  amount: list(
    'amount, transaction amount, net, betrag, umsatz, montant, bedrag, transactiebedrag, importe',
    'valor, montant operation',
  ),
  debit: list(
    'debit, debit amount, withdrawal, withdrawals, paid out, money out, soll, belastung, lastschrift',
    'ausgang, montant debit, af, uit, uitgaven, cargo, cargos, debe, debito',
  ),
  credit: list(
    'credit, credit amount, deposit, deposits, paid in, money in, haben, gutschrift, eingang',
    'montant credit, bij, inkomsten, abono, abonos, haber, credito',
  ),
  currency: list(
    'currency, currency code, ccy, wahrung, waehrung, devise, monnaie, munt, muntsoort, valuta',
    'moneda, divisa',
  ),
  counterpartyName: list(
    'counterparty, counterparty name, partner name, payee, payer, beneficiary, name',
    'auftraggeber beguenstigter, beguenstigter zahlungspflichtiger, begunstigter zahlungspflichtiger',
    'auftraggeber begunstigter, begunstigter auftraggeber, begunstigter',
    'beguenstigter auftraggeber, name zahlungsbeteiligter, zahlungsempfanger in, zahlungsempfanger',
    'auftraggeber empfanger, empfanger, gegenpartei, tiers, nom, beneficiaire, contrepartie',
    'naam tegenpartij, tegenpartij, naam omschrijving, naam, beneficiario, contrapartida',
  ),
  counterpartyAccount: list(
    'counterparty account, counterparty iban, partner iban, bank account, kontonummer iban',
    'iban zahlungsbeteiligter, kontonummer, gegenkonto, compte beneficiaire, compte tiers',
    'tegenrekening iban bban, tegenrekening, cuenta beneficiario',
  ),
  reference: list(
    'transaction id, transaction reference, bank reference, reference, ref, referenz',
    'buchungsreferenz, transaktionsnummer, transactiereferentie, kenmerk, referencia',
  ),
  remittance: list(
    'remittance information, payment reference, description, details, narrative, label, memo',
    'particulars, transaction, verwendungszweck, buchungsdetails, buchungstext, beschreibung, libelle',
    'libelle operation, communication, motif, mededelingen, mededeling, omschrijving, omschrijving 1',
    'concepto, descripcion, text',
  ),
  balance: list(
    'balance, running balance, account balance, cash balance, saldo, saldo nach buchung, kontostand',
    'solde, saldo na mutatie, saldo na trn, saldo disponible',
  ),
  direction: list(
    'af bij, debit credit, credit debit, debit credit indicator, soll haben, s h, sens, bij af',
    'debe haber',
  ),
  account: list(
    'account, account number, own account, iban, auftragskonto, iban auftragskonto, konto, rekening',
    'rekeningnummer, iban bban, compte, numero de compte, cuenta',
  ),
};
const DELIMITERS = [';', ',', '\t', '|'];
/** Banks put addresses and periods above the table, but not pages of them. */
const DEEPEST_HEADER = 40;
const WIDEST_HEADER = 512;

function list(...lines: readonly string[]): string[] {
  return lines.flatMap((line) => line.split(', '));
}

/** Finds the table by the columns a mapping names, or by well-known headings. */
export function findLayout(text: string, profile?: CsvProfile): CsvLayout | NoLayout {
  const delimiters = profile?.delimiter === undefined ? DELIMITERS : [profile.delimiter];
  const layouts = delimiters.map((delimiter) => layoutIn(csvRows(text, delimiter), delimiter, profile));
  const best = layouts.reduce((winner, each) => (each.found > winner.found ? each : winner));
  if (best.layout === undefined) return best.failure;
  const { at, layout } = best;
  return { ...layout, rows: [...csvRows(text, layout.delimiter)].slice(at) };
}

/** The same for rows that are split already, as those of a sheet are. */
export function findLayoutIn(rows: readonly CsvRow[], profile?: CsvProfile): CsvLayout | NoLayout {
  const { at, layout, failure } = layoutIn(rows, ',', profile);
  return layout === undefined ? failure : { ...layout, rows: rows.slice(at) };
}

function layoutIn(rows: Iterable<CsvRow>, delimiter: string, profile?: CsvProfile): Candidate {
  const top: CsvRow[] = [];
  for (const row of rows) {
    // Rows of a million cells are no headings, and each would be held against every known one.
    top.push({ ...row, cells: row.cells?.slice(0, WIDEST_HEADER) });
    if (top.length === DEEPEST_HEADER) break;
  }
  return profile === undefined ? guess(top, delimiter) : mapped(top, { delimiter, profile });
}

interface Candidate {
  /** How many columns were found. */
  readonly found: number;
  /** The place of the first row below the headings. */
  readonly at: number;
  readonly layout?: Omit<CsvLayout, 'rows'>;
  readonly failure: NoLayout;
}

/** Headings of trades and holdings: their amounts are not what moves a bank account. */
const SHARES = /^(?:shares|quantity|units|stuck|stueck|nominale|cantidad|aantal|parts|no of shares)$/;
const PRICE = /^(?:price|share price|closing price|kurs|cours|koers|precio|prezzo)$/;

/** A payment provider's own key of a payment, which no bank has. */
const PROVIDER = /^(?:psp reference|balance transaction id|payout id)$/;

/** What a table is that has headings of something else than movements of a bank account. */
function otherTable(header: readonly string[], line: number): NoLayout | undefined {
  const names = header.map(plainHeading);
  const has = (pattern: RegExp): boolean => names.some((name) => pattern.test(name));
  if (has(PROVIDER)) {
    const message = `The headings ${listed(header)} are those of a report of a payment provider; import it with importPayoutReport.`;
    return { code: 'FORMAT_WRONG', message, line };
  }
  if (!has(SHARES) || !has(PRICE)) return undefined;
  const message = `The headings ${listed(header)} are those of securities, not of movements of a bank account.`;
  return { code: 'FORMAT_UNSUPPORTED', message, line };
}

function guess(top: readonly CsvRow[], delimiter: string): Candidate {
  const failure: NoLayout = {
    code: 'FORMAT_UNKNOWN',
    message: 'The file has no line of well-known column headings.',
  };
  let best: Candidate = unknownTable(top) ?? { found: 0, at: 0, failure };
  for (const [index, row] of top.entries()) {
    const header = row.cells ?? [];
    const other = otherTable(header, row.line);
    if (other !== undefined) return { found: Infinity, at: 0, failure: other };
    const columns = guessColumns(header);
    const found = Object.keys(columns).length;
    if (found <= best.found || header.length < 2) continue;
    const missing = missingColumns(columns);
    const wanted = missing.length === 0;
    const message = `The headings ${listed(header)} show no column for ${missing.join(' and ')}; name it in a mapping.`;
    best = {
      found: wanted ? found + 100 : found,
      at: index + 1,
      layout: wanted
        ? { columns, header, currency: headingCurrency(header, columns), delimiter, guessed: true }
        : undefined,
      failure: { code: 'COLUMN_MISSING', message, line: row.line, header },
    };
    if (wanted) break;
  }
  return best;
}

/** A table of which no heading is known: its first line of several cells, all with something in them. */
function unknownTable(top: readonly CsvRow[]): Candidate | undefined {
  const isHeader = ({ cells = [] }: CsvRow, at: number): boolean =>
    cells.length >= 3 &&
    cells.every((cell) => cell.trim() !== '') &&
    top[at + 1]?.cells?.length === cells.length;
  const row = top.find(isHeader);
  const header = row?.cells;
  if (!row || !header) return undefined;
  const message = `The headings ${listed(header)} show no column for the booking date and the amount; name them in a mapping.`;
  return { found: 0.5, at: 0, failure: { code: 'COLUMN_MISSING', message, line: row.line, header } };
}

function guessColumns(header: readonly string[]): ColumnPlaces {
  const names = header.map(plainHeading);
  const columns: ColumnPlaces = {};
  const taken = new Set<number>();
  for (const column of Object.keys(HEADINGS) as StatementColumn[]) {
    const places = HEADINGS[column].map((heading) => names.indexOf(heading));
    const place = places.find((each) => each !== -1 && !taken.has(each));
    if (place === undefined) continue;
    taken.add(place);
    columns[column] = place;
  }
  return columns;
}

/** The columns without which a row is no movement. */
function missingColumns(columns: ColumnPlaces): string[] {
  const missing: string[] = [];
  if (columns.bookedOn === undefined) missing.push('the booking date');
  if (columns.amount === undefined && (columns.debit === undefined || columns.credit === undefined))
    missing.push('the amount');
  return missing;
}

function mapped(
  top: readonly CsvRow[],
  { delimiter, profile }: { delimiter: string; profile: CsvProfile },
): Candidate {
  const wanted = Object.entries(profile.columns).filter(
    (entry) => typeof entry[1] === 'string' && entry[1] !== '',
  );
  const byNumber = wanted.every(([, name]) => /^\d+$/.test(name));
  const incomplete = missingColumns(Object.fromEntries(wanted.map(([column]) => [column, 0])));
  if (incomplete.length > 0) {
    const failure: NoLayout = {
      code: 'COLUMN_MISSING',
      message: `The mapping names no column for ${incomplete.join(' and ')}.`,
    };
    return { found: 0, at: 0, failure };
  }
  let best: Candidate | undefined;
  for (const [index, row] of top.entries()) {
    const header = row.cells ?? [];
    const places = wanted.map(([column, name]) => [column, placeOf(header, name)] as const);
    const missing = wanted.filter((_, at) => places[at]?.[1] === undefined).map(([, name]) => quoted(name));
    const found = wanted.length - missing.length;
    if (best !== undefined && found <= best.found) continue;
    const columns: ColumnPlaces = Object.fromEntries(places);
    const direction = guessColumns(header).direction;
    if (direction !== undefined && !Object.values(columns).includes(direction)) columns.direction = direction;
    const message = `The headings ${listed(header)} have no column ${missing.join(', ')}.`;
    best = {
      found,
      // A table that is mapped by numbers may have no headings: its first row can be a movement.
      at: byNumber ? index : index + 1,
      layout:
        missing.length > 0
          ? undefined
          : {
              columns,
              header: byNumber ? [] : header,
              headings: byNumber && header.some((cell) => /\d/.test(cell)) ? [] : header,
              currency: headingCurrency(header, columns),
              delimiter,
              guessed: false,
            },
      failure: { code: 'COLUMN_MISSING', message, line: row.line, header },
    };
  }
  return best ?? { found: 0, at: 0, failure: { code: 'COLUMN_MISSING', message: 'The file has no rows.' } };
}

/** The place of a heading as it is spelt, else without regard to case and accents, else by its one-based number. */
function placeOf(header: readonly string[], name: string): number | undefined {
  const exact = header.indexOf(name.trim());
  if (exact !== -1) return exact;
  const plain = plainHeading(name);
  const alike = plain === '' ? -1 : header.findIndex((cell) => plainHeading(cell) === plain);
  if (alike !== -1) return alike;
  const number = /^\d{1,3}$/.test(name) ? Number(name) : 0;
  return number >= 1 && number <= header.length ? number - 1 : undefined;
}

function headingCurrency(header: readonly string[], columns: ColumnPlaces): string | undefined {
  const heading = header[columns.amount ?? columns.credit ?? -1] ?? '';
  const code = heading.match(/\b[A-Z]{3}\b/g)?.find((each) => isCurrency(each));
  return code ?? (heading.includes('€') ? 'EUR' : heading.includes('£') ? 'GBP' : undefined);
}

/** A heading without case, accents, punctuation and a currency, so that `Betrag (EUR)` is `betrag`. */
export function plainHeading(cell: string): string {
  return cell
    .replace(/\b[A-Z]{3}\b/g, (code) => (isCurrency(code) ? ' ' : code))
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim()
    .replace(/ in$/, '');
}

function listed(header: readonly string[]): string {
  const shown = header.slice(0, 30).map((cell) => quoted(cell));
  return shown.join(', ') + (header.length > shown.length ? ' …' : '');
}
