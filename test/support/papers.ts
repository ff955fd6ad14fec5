import { iban, legalEntity } from './company.ts';

/** An e-invoice of a story's supplier, as UBL. */
export interface InvoicePaper {
  readonly number: string;
  /** Net amount in whole euros; 19 % VAT comes on top. */
  readonly net: number;
  readonly supplier?: string;
  readonly issuedOn?: string;
  readonly dueOn?: string;
  readonly currency?: string;
  /** Cents by which the total is wrong. */
  readonly error?: number;
}

const supplierTaxIds: Readonly<Record<string, string>> = {
  'Nordlicht Hosting GmbH': 'DE271828182',
  'Alpina Spedition GmbH': 'DE161803398',
};

const euros = (cents: number): string =>
  `${Math.trunc(cents / 100)}.${String(Math.abs(cents) % 100).padStart(2, '0')}`;

/** Writes a UBL invoice to the story's company. */
export function ublInvoice(paper: InvoicePaper): Uint8Array {
  const currency = paper.currency ?? 'EUR';
  const amount = (tag: string, cents: number) =>
    `<cbc:${tag} currencyID="${currency}">${euros(cents)}</cbc:${tag}>`;
  const supplier = paper.supplier ?? 'Nordlicht Hosting GmbH';
  const net = paper.net * 100;
  const tax = Math.round(paper.net * 19);
  const party = (name: string, taxId: string) => `<cac:Party>
      <cac:PostalAddress><cac:Country><cbc:IdentificationCode>DE</cbc:IdentificationCode></cac:Country></cac:PostalAddress>
      <cac:PartyTaxScheme><cbc:CompanyID>${taxId}</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>
      <cac:PartyLegalEntity><cbc:RegistrationName>${name}</cbc:RegistrationName></cac:PartyLegalEntity></cac:Party>`;
  return Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
  xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
  xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
  <cbc:ID>${paper.number}</cbc:ID>
  <cbc:IssueDate>${paper.issuedOn ?? '2026-10-02'}</cbc:IssueDate>
  <cbc:DueDate>${paper.dueOn ?? '2026-10-16'}</cbc:DueDate>
  <cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>
  <cbc:DocumentCurrencyCode>${currency}</cbc:DocumentCurrencyCode>
  <cac:AccountingSupplierParty>${party(supplier, supplierTaxIds[supplier] ?? 'DE999999999')}</cac:AccountingSupplierParty>
  <cac:AccountingCustomerParty>${party(legalEntity.legalName, legalEntity.taxId)}</cac:AccountingCustomerParty>
  <cac:TaxTotal>${amount('TaxAmount', tax)}
    <cac:TaxSubtotal>${amount('TaxableAmount', net)}${amount('TaxAmount', tax)}<cac:TaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>19</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:TaxCategory></cac:TaxSubtotal>
  </cac:TaxTotal>
  <cac:LegalMonetaryTotal>${amount('LineExtensionAmount', net)}${amount('TaxExclusiveAmount', net)}${amount('TaxInclusiveAmount', net + tax + (paper.error ?? 0))}${amount('PayableAmount', net + tax + (paper.error ?? 0))}</cac:LegalMonetaryTotal>
  <cac:InvoiceLine><cbc:ID>1</cbc:ID><cbc:InvoicedQuantity unitCode="C62">1</cbc:InvoicedQuantity>${amount('LineExtensionAmount', net)}
    <cbc:AccountingCost>hosting</cbc:AccountingCost>
    <cac:Item><cbc:Name>Cloud servers</cbc:Name><cac:ClassifiedTaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>19</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:ClassifiedTaxCategory></cac:Item>
    <cac:Price>${amount('PriceAmount', net)}</cac:Price></cac:InvoiceLine>
</Invoice>`);
}

/** A movement of a story's bank account; negative cents leave the account. */
export interface Movement {
  readonly cents: number;
  readonly on: string;
  readonly name: string;
  readonly text: string;
  readonly reference?: string;
}

/** Writes a camt.053 statement of the story's bank account. `closing` overrides the right closing balance, in cents. */
export function camtStatement(
  movements: readonly Movement[],
  statement: { id: string; opening?: number; closing?: number } = { id: '1' },
): Uint8Array {
  const opening = statement.opening ?? 1_000_000;
  const closing = statement.closing ?? movements.reduce((sum, one) => sum + one.cents, opening);
  const side = (cents: number) => (cents < 0 ? 'DBIT' : 'CRDT');
  const balance = (code: string, cents: number) =>
    `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">${euros(Math.abs(cents))}</Amt><CdtDbtInd>${side(cents)}</CdtDbtInd><Dt><Dt>2026-10-31</Dt></Dt></Bal>`;
  const entries = movements.map((one, index) => {
    const party = one.cents < 0 ? 'Cdtr' : 'Dbtr';
    return `<Ntry><Amt Ccy="EUR">${euros(Math.abs(one.cents))}</Amt><CdtDbtInd>${side(one.cents)}</CdtDbtInd><Sts>BOOK</Sts>
      <BookgDt><Dt>${one.on}</Dt></BookgDt><ValDt><Dt>${one.on}</Dt></ValDt><AcctSvcrRef>S${statement.id}-${index}</AcctSvcrRef>
      <NtryDtls><TxDtls><Refs><EndToEndId>${one.reference ?? 'NOTPROVIDED'}</EndToEndId></Refs>
      <RltdPties><${party}><Nm>${one.name}</Nm></${party}></RltdPties><RmtInf><Ustrd>${one.text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>`;
  });
  return Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt>
  <GrpHdr><MsgId>M${statement.id}</MsgId><CreDtTm>2026-11-01T00:00:00</CreDtTm></GrpHdr>
  <Stmt><Id>${statement.id}</Id><ElctrncSeqNb>${statement.id}</ElctrncSeqNb><CreDtTm>2026-11-01T00:00:00</CreDtTm>
  <Acct><Id><IBAN>${iban}</IBAN></Id><Ccy>EUR</Ccy></Acct>
  ${balance('OPBD', opening)}${balance('CLBD', closing)}${entries.join('\n')}
  </Stmt></BkToCstmrStmt></Document>`);
}
