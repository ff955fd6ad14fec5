import { compactNumber, hasIbanCheckDigits, isIban } from '#kernel/account-number';
import { CrossfootError } from '#kernel/errors';
import { formatMoney } from '#kernel/money';
import type { Money } from '#kernel/money';
import type {
  CreditorReference,
  PaymentBatch,
  PaymentInitiation,
  PaymentInitiationFile,
  PaymentInstruction,
  PaymentParty,
} from '#connectors/payment-ports';
import { isSepaIdentification, toSepaCharacters } from './sepa-characters.ts';
import { element, xmlText, type XmlNode } from './xml-text.ts';

const format = 'pain.001.001.09';
const longestName = 70;
const longestRemittance = 140;
/** The largest amount of a SEPA credit transfer, in minor units. */
const largestSepa = 99_999_999_999n;

/** The countries and territories of SEPA, by the first letters of their IBANs. */
const sepaCountries = new Set(
  (
    'AD AL AT BE BG CH CY CZ DE DK EE ES FI FR GB GI GR HR HU IE IS IT LI LT LU LV MC MD ME MK MT NL NO PL PT RO RS SE SI ' +
    'SK SM VA'
  ).split(' '),
);

/**
 * Writes a CustomerCreditTransferInitiation, pain.001.001.09. Payments of one debtor account, day, currency and kind are one batch,
 * in the order in which the first of each came. Throws FIELD_INVALID or FIELD_MISSING for what a bank would refuse.
 */
export function writePaymentInitiation(initiation: PaymentInitiation): PaymentInitiationFile {
  const { messageId, payments } = initiation;
  if (!isSepaIdentification(messageId, 30)) {
    throw invalid(
      `The id ${messageId} of the message is longer than 30 characters or has others than SEPA allows`,
    );
  }
  if (payments.length === 0) throw new CrossfootError('FIELD_MISSING', 'There is no payment to be made');
  refuseRepeated(payments);
  for (const payment of payments) check(payment);
  const groups = [...Map.groupBy(payments, batchKey).values()];
  const batches = groups.map((group, at) => ({ id: `${messageId}-${at + 1}`, payments: group }));
  const document = element('CstmrCdtTrfInitn', [
    header(initiation),
    ...batches.map((batch) => batchElement(batch.id, batch.payments)),
  ]);
  return {
    format,
    mediaType: 'application/xml',
    extension: 'xml',
    text: xmlText(element('Document', [document], { xmlns: `urn:iso:std:iso:20022:tech:xsd:${format}` })),
    batches: batches.map((batch): PaymentBatch => ({
      id: batch.id,
      endToEndIds: batch.payments.map((one) => one.endToEndId),
    })),
    unaddressed: [...new Set(payments.filter(isUnaddressed).map(({ creditor }) => creditor.name))],
  };
}

/** Outside SEPA banks have to say where the money goes, and refuse what says neither town nor country. */
function isUnaddressed(payment: PaymentInstruction): boolean {
  const { address, country } = payment.creditor;
  return !isSepa(payment) && (address === undefined || country === undefined);
}

function invalid(message: string): CrossfootError {
  return new CrossfootError('FIELD_INVALID', message);
}

function refuseRepeated(payments: readonly PaymentInstruction[]): void {
  const seen = new Set<string>();
  for (const { endToEndId } of payments) {
    if (seen.has(endToEndId)) throw invalid(`Two payments have the end-to-end id ${endToEndId}`);
    seen.add(endToEndId);
  }
}

/** What a bank would refuse; the message names no account number. */
function check(payment: PaymentInstruction): void {
  const { endToEndId, amount, debtor, creditor } = payment;
  const of = `The payment ${endToEndId}`;
  if (!isSepaIdentification(endToEndId)) {
    throw invalid(`${of} has an end-to-end id of more than 35 characters, or with others than SEPA allows`);
  }
  if (amount.minor <= 0n) throw invalid(`${of} is not of a positive amount`);
  if (isSepa(payment) && amount.minor > largestSepa)
    throw invalid(`${of} is above 999999999.99 EUR, more than SEPA takes`);
  for (const [party, role] of [
    [debtor, 'debtor'],
    [creditor, 'creditor'],
  ] as const) {
    if (toSepaCharacters(party.name) === '') throw invalid(`${of} names no ${role}`);
    if (party.iban !== undefined && !isIban(party.iban))
      throw invalid(`${of}: the account of the ${role} is no IBAN`);
    if (party.bic !== undefined && !isBic(party.bic)) throw invalid(`${of}: ${party.bic} is no BIC`);
    if (party.iban === undefined && party.accountNumber === undefined) {
      throw new CrossfootError('FIELD_MISSING', `${of} has no account of the ${role}`);
    }
  }
  if (creditor.iban === undefined && creditor.bic === undefined) {
    throw new CrossfootError(
      'FIELD_MISSING',
      `${of} goes to an account without IBAN, for which the BIC of the bank is needed`,
    );
  }
  if (isQrIban(creditor.iban) && fittingReference(payment)?.scheme !== 'QRR') {
    throw new CrossfootError(
      'FIELD_MISSING',
      `${of} goes to a QR-IBAN, which takes payments with a QR reference only`,
    );
  }
}

function isBic(text: string): boolean {
  return /^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?$/.test(text);
}

/** A credit transfer of SEPA: euros between two IBANs of its countries. */
function isSepa({ amount, debtor, creditor }: PaymentInstruction): boolean {
  return (
    amount.currency === 'EUR' &&
    [debtor, creditor].every(
      ({ iban }) => iban !== undefined && sepaCountries.has(iban.slice(0, 2).toUpperCase()),
    )
  );
}

/** A Swiss account that takes payments with a QR reference only: its bank number is from 30000 to 31999. */
function isQrIban(iban: string | undefined): boolean {
  return iban !== undefined && /^(?:CH|LI)\d{2}3[01]\d{3}/.test(compactNumber(iban));
}

function batchKey(payment: PaymentInstruction): string {
  const { debtor, executionOn, amount } = payment;
  const account = compactNumber(debtor.iban ?? debtor.accountNumber ?? '');
  return [account, executionOn, amount.currency, String(isSepa(payment))].join(' ');
}

/** Amounts added up as plain numbers, whatever their currencies: that is how ISO 20022 defines the control sum. */
function controlSum(payments: readonly PaymentInstruction[]): string {
  const scale = 4;
  const total = payments.reduce((sum, { amount }) => {
    const [whole = '0', part = ''] = formatMoney(amount).split('.');
    return sum + BigInt(whole + part.padEnd(scale, '0'));
  }, 0n);
  const digits = String(total).padStart(scale + 1, '0');
  return `${digits.slice(0, -scale)}.${digits.slice(-scale).replace(/0{1,2}$/, '')}`;
}

function header({ messageId, createdAt, initiator, payments }: PaymentInitiation): XmlNode {
  return element('GrpHdr', [
    element('MsgId', messageId),
    element('CreDtTm', createdAt.toISOString().replace(/\.\d+Z$/, 'Z')),
    element('NbOfTxs', String(payments.length)),
    element('CtrlSum', controlSum(payments)),
    element('InitgPty', [element('Nm', toSepaCharacters(initiator).slice(0, longestName).trim())]),
  ]);
}

function batchElement(id: string, payments: readonly PaymentInstruction[]): XmlNode {
  const [first] = payments;
  if (first === undefined) throw new Error('A batch has a payment at least');
  const { debtor, executionOn } = first;
  const sepa = isSepa(first);
  return element('PmtInf', [
    element('PmtInfId', id),
    element('PmtMtd', 'TRF'),
    element('NbOfTxs', String(payments.length)),
    element('CtrlSum', controlSum(payments)),
    ...(sepa ? [element('PmtTpInf', [element('SvcLvl', [element('Cd', 'SEPA')])])] : []),
    element('ReqdExctnDt', [element('Dt', executionOn)]),
    party('Dbtr', debtor, sepa),
    account('DbtrAcct', debtor),
    agent('DbtrAgt', debtor) ??
      // The bank is known by the account; the message asks for something all the same.
      element('DbtrAgt', [element('FinInstnId', [element('Othr', [element('Id', 'NOTPROVIDED')])])]),
    element('ChrgBr', sepa ? 'SLEV' : 'SHAR'),
    ...payments.map(transaction),
  ]);
}

function transaction(payment: PaymentInstruction): XmlNode {
  const { endToEndId, amount, creditor } = payment;
  return element('CdtTrfTxInf', [
    element('PmtId', [element('InstrId', endToEndId), element('EndToEndId', endToEndId)]),
    element('Amt', [instructed(amount)]),
    ...[agent('CdtrAgt', creditor)].filter((each) => each !== undefined),
    party('Cdtr', creditor, isSepa(payment)),
    account('CdtrAcct', creditor),
    ...remittance(payment),
  ]);
}

function instructed(amount: Money): XmlNode {
  return element('InstdAmt', formatMoney(amount), { Ccy: amount.currency });
}

/** Within SEPA the account says the country, and an address without a town is refused by more and more banks. */
function party(name: string, who: PaymentParty, sepa: boolean): XmlNode {
  return element(name, [
    element('Nm', toSepaCharacters(who.name).slice(0, longestName).trim()),
    ...(sepa ? [] : postalAddress(who)),
  ]);
}

/** The parts of an address by themselves, as banks read no other form any more. */
function postalAddress({ address, country }: PaymentParty): XmlNode[] {
  const parts: readonly (readonly [name: string, value: string | undefined, longest: number])[] = [
    ['StrtNm', address?.street, 70],
    ['BldgNb', address?.buildingNumber, 16],
    ['PstCd', address?.postalCode, 16],
    ['TwnNm', address?.town, 35],
    ['Ctry', country, 2],
  ];
  const said = parts.flatMap(([name, value, longest]) => {
    const text = toSepaCharacters(value ?? '')
      .slice(0, longest)
      .trim();
    return text === '' ? [] : [element(name, text)];
  });
  return said.length === 0 ? [] : [element('PstlAdr', said)];
}

function account(name: string, { iban, accountNumber }: PaymentParty): XmlNode {
  const id =
    iban === undefined
      ? element('Othr', [element('Id', compactNumber(accountNumber ?? '').slice(0, 34))])
      : element('IBAN', compactNumber(iban));
  return element(name, [element('Id', [id])]);
}

function agent(name: string, { bic }: PaymentParty): XmlNode | undefined {
  return bic === undefined ? undefined : element(name, [element('FinInstnId', [element('BICFI', bic)])]);
}

/** The reference, where it is sound and the account takes it; banks refuse one that does not fit. */
function fittingReference({
  creditorReference: reference,
  creditor,
}: PaymentInstruction): CreditorReference | undefined {
  if (reference === undefined) return undefined;
  const value = reference.value.replace(/[^0-9A-Za-z]/g, '').toUpperCase();
  const fits = {
    'ISO 11649': () => /^RF\d{2}[0-9A-Z]{1,21}$/.test(value) && hasIbanCheckDigits(value),
    QRR: () => /^\d{27}$/.test(value) && isQrIban(creditor.iban),
    Belgian: () => /^\d{12}$/.test(value) && creditor.iban?.toUpperCase().startsWith('BE') === true,
  }[reference.scheme];
  return fits() ? { scheme: reference.scheme, value } : undefined;
}

function remittance(payment: PaymentInstruction): XmlNode[] {
  const reference = fittingReference(payment);
  if (reference !== undefined) {
    const { scheme, value } = reference;
    const kind = element('CdOrPrtry', [scheme === 'QRR' ? element('Prtry', 'QRR') : element('Cd', 'SCOR')]);
    const issuer = { 'ISO 11649': 'ISO', Belgian: 'BBA', QRR: undefined }[scheme];
    const type = element('Tp', [kind, ...(issuer === undefined ? [] : [element('Issr', issuer)])]);
    return [element('RmtInf', [element('Strd', [element('CdtrRefInf', [type, element('Ref', value)])])])];
  }
  const text = toSepaCharacters(payment.remittance).slice(0, longestRemittance).trim();
  return text === '' ? [] : [element('RmtInf', [element('Ustrd', text)])];
}
