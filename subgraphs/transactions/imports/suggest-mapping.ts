import {
  fieldsOfKind,
  requiredFields,
  type ImportField,
  type ImportKind,
  type Mapping,
} from './import-kinds.ts';

const list = (...lines: readonly string[]): string[] => lines.flatMap((line) => line.split(', '));

/** Headings without case, accents and punctuation in English, German, French, Spanish, Italian, Dutch; earlier ones win. */
const headings: Readonly<Record<ImportField, readonly string[]>> = {
  ENTRY: list(
    'entry, entry id, entry number, entry no, entrynumber, entryid, journal entry, journal id, journal number, journal no',
    'transaction id, transaction number, transactionid, voucher, voucher no, voucher number, document number, document no',
    'buchungsnummer, buchungsnr, belegnummer, belegnr, beleg nr, belegfeld 1, journalnummer, ecriturenum, numero piece',
    'numero d ecriture, asiento, numero asiento, num asiento, numero registrazione, boekstuknummer, boekstuk, record',
  ),
  DATE: list(
    'posted on, postedon, month, period, monat, periode, mois, mes, mese, maand, posting date, entry date, booking date, transaction date, transactiondate, date, gl date',
    'effective date, buchungsdatum, belegdatum, datum, ecrituredate, date d ecriture, date comptable, date piece, fecha',
    'fecha asiento, fecha contable, data, data registrazione, boekdatum, boekingsdatum',
  ),
  ACCOUNT: list(
    'account code, accountcode, account number, account no, account id, accountid, gl account, gl code, account',
    'ledger account, nominal code, nominal account, code, konto, kontonummer, kontonr, sachkonto, konto nr, comptenum',
    'numero de compte, compte, cuenta, codigo cuenta, numero cuenta, conto, codice conto, grootboekrekening, rekening',
    'grootboek, number',
  ),
  CONTRA_ACCOUNT: list(
    'contra account, contraaccount, offset account, balancing account, gegenkonto, gegenkonto ohne bu schlussel',
    'contrepartie, compte contrepartie, contrapartida, contropartita, tegenrekening, credit account, haben konto',
  ),
  AMOUNT: list(
    'amount, net amount, signed amount, value, balance, opening balance, closing balance, betrag, umsatz',
    'umsatz ohne soll haben kz, saldo, montant, solde, importe, importo, bedrag',
  ),
  DEBIT: list('debit, debit amount, debits, dr, soll, sollbetrag, betrag soll, debe, dare, debet, debito'),
  CREDIT: list('credit, credit amount, credits, cr, haben, habenbetrag, betrag haben, haber, avere, credito'),
  SIDE: list(
    'side, debit credit, dr cr, d c, debit or credit, soll haben, soll haben kennzeichen, s h, sh, sens, debe haber',
    'dare avere',
  ),
  CURRENCY: list(
    'currency, currency code, ccy, iso code, wahrung, waehrung, wkz, wkz umsatz, devise, idevise, moneda, divisa, valuta',
  ),
  DESCRIPTION: list(
    'description, entry description, narration, narrative, text, buchungstext, beschreibung, libelle, ecriturelib',
    'concepto, descripcion, descrizione, omschrijving, title, subject',
  ),
  MEMO: list(
    'memo, line description, line memo, line text, note, notes, comment, remark, reference, zusatztext, bemerkung, notiz',
    'commentaire, nota, opmerking, details',
  ),
  NAME: list(
    'account name, accountname, name, title, label, description, bezeichnung, kontobezeichnung, kontenbeschriftung',
    'libelle, comptelib, intitule, nombre, denominacion, denominazione, omschrijving, naam',
  ),
  TYPE: list(
    'account type, accounttype, type, class, category, kontoart, kontotyp, art, kategorie, nature, categorie, tipo, soort',
  ),
  COST_CENTRE: list(
    'cost centre, cost center, costcentre, costcenter, kostenstelle, kost1, kost 1, centre de cout, centro de coste',
    'centro di costo, kostenplaats',
  ),
  DEPARTMENT: list('department, class, abteilung, service, departement, departamento, reparto, afdeling'),
  PROJECT: list('project, project code, projekt, projet, proyecto, progetto, kost2, kost 2'),
  CLIENT: list('client, customer, kunde, mandant, cliente, klant'),
};

/** A heading without case, accents and punctuation. */
export function plainHeading(heading: string): string {
  return heading
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replaceAll('ß', 'ss')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();
}

/** The columns whose headings say what they hold. */
export function suggestMapping(kind: ImportKind, header: readonly string[]): Mapping {
  const plain = header.map(plainHeading);
  const taken = new Set<number>();
  const mapping: Partial<Record<ImportField, string>> = {};
  for (const field of fieldsOfKind[kind]) {
    const places = headings[field].map((heading) => plain.indexOf(heading));
    const place = places.find((one) => one !== -1 && !taken.has(one));
    if (place === undefined) continue;
    taken.add(place);
    mapping[field] = header[place] ?? '';
  }
  return mapping;
}

/** What a mapping lacks for its kind, in words; empty when it will do. */
export function missingFields(kind: ImportKind, mapping: Mapping): string[] {
  return requiredFields[kind]
    .filter((choice) => choice.every((field) => mapping[field] === undefined))
    .map((choice) => choice.join(' or '));
}

/** What belongs to all files with the same headings in the same order. */
export function headerSignature(header: readonly string[]): string {
  return header.map(plainHeading).join('\n');
}
