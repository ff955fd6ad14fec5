/** What a made-up e-invoice says; amounts in EUR. */
export interface UblInvoice {
  readonly number?: string;
  readonly issuedOn?: string;
  readonly seller?: string;
  readonly sellerTaxId?: string;
  readonly buyer?: string;
  readonly buyerTaxId?: string;
  readonly currency?: string;
  readonly net?: string;
  readonly tax?: string;
  readonly gross?: string;
  readonly credit?: boolean;
  /** The account the seller wants to be paid on. */
  readonly iban?: string;
}

/** A small UBL invoice or credit note with one line, for tests. */
export function ublInvoice(invoice: UblInvoice = {}): string {
  const { number = 'R-100', issuedOn = '2026-03-12', currency = 'EUR', credit = false } = invoice;
  const { net = '100.00', tax = '19.00', gross = '119.00' } = invoice;
  const root = credit ? 'CreditNote' : 'Invoice';
  const amount = (name: string, value: string) =>
    `<cbc:${name} currencyID="${currency}">${value}</cbc:${name}>`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<${root} xmlns="urn:oasis:names:specification:ubl:schema:xsd:${root}-2"
  xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
  xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
  <cbc:CustomizationID>urn:cen.eu:en16931:2017</cbc:CustomizationID>
  <cbc:ID>${number}</cbc:ID>
  <cbc:IssueDate>${issuedOn}</cbc:IssueDate>
  <cbc:${root}TypeCode>${credit ? 381 : 380}</cbc:${root}TypeCode>
  <cbc:DocumentCurrencyCode>${currency}</cbc:DocumentCurrencyCode>
  <cac:AccountingSupplierParty>${party(invoice.seller ?? 'Nordlicht GmbH', invoice.sellerTaxId)}</cac:AccountingSupplierParty>
  <cac:AccountingCustomerParty>${party(invoice.buyer ?? 'Acme GmbH', invoice.buyerTaxId)}</cac:AccountingCustomerParty>
  ${paymentMeans(invoice.iban)}
  <cac:TaxTotal>${amount('TaxAmount', tax)}</cac:TaxTotal>
  <cac:LegalMonetaryTotal>
    ${amount('LineExtensionAmount', net)}
    ${amount('TaxExclusiveAmount', net)}
    ${amount('TaxInclusiveAmount', gross)}
    ${amount('PayableAmount', gross)}
  </cac:LegalMonetaryTotal>
  <cac:${root}Line>
    <cbc:ID>1</cbc:ID>
    <cbc:${credit ? 'Credited' : 'Invoiced'}Quantity unitCode="H87">1</cbc:${credit ? 'Credited' : 'Invoiced'}Quantity>
    ${amount('LineExtensionAmount', net)}
    <cac:Item><cbc:Name>Office chair</cbc:Name>
      <cac:ClassifiedTaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>19</cbc:Percent></cac:ClassifiedTaxCategory></cac:Item>
  </cac:${root}Line>
</${root}>
`;
}

function paymentMeans(iban: string | undefined): string {
  if (iban === undefined) return '';
  const account = `<cac:PayeeFinancialAccount><cbc:ID>${iban}</cbc:ID></cac:PayeeFinancialAccount>`;
  return `<cac:PaymentMeans><cbc:PaymentMeansCode>58</cbc:PaymentMeansCode>${account}</cac:PaymentMeans>`;
}

function party(name: string, taxId: string | undefined): string {
  const scheme = '<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>';
  const tax =
    taxId === undefined
      ? ''
      : `<cac:PartyTaxScheme><cbc:CompanyID>${taxId}</cbc:CompanyID>${scheme}</cac:PartyTaxScheme>`;
  const entity = `<cac:PartyLegalEntity><cbc:RegistrationName>${name}</cbc:RegistrationName></cac:PartyLegalEntity>`;
  return `<cac:Party>${tax}${entity}</cac:Party>`;
}
