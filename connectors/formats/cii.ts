import type { DocumentFormat, DocumentParty } from '#connectors/ports';
import { ibanOf, itemText, kindOf, readInvoice } from './e-invoice.ts';
import type {
  AdjustmentFields,
  InvoiceFields,
  InvoiceLineFields,
  TaxFields,
  TotalFields,
} from './e-invoice.ts';
import { at, child, children, firstOf, rootOf, textAt } from './xml-tree.ts';
import type { XmlElement } from './xml-tree.ts';

/** UN/CEFACT CrossIndustryInvoice (Factur-X, ZUGFeRD 2, XRechnung) and its forerunner in ZUGFeRD 1. */
export const cii: DocumentFormat = {
  name: 'cii',
  recognises: ({ head }) => {
    const name = rootOf(head)?.name;
    return name === 'CrossIndustryInvoice' || name === 'CrossIndustryDocument';
  },
  read: (bytes) => readInvoice('cii', bytes, fieldsOf),
};

/** Where each name has a second form, that is how ZUGFeRD 1 calls the same element. */
function fieldsOf(root: XmlElement): InvoiceFields {
  const header = child(root, 'ExchangedDocument', 'HeaderExchangedDocument');
  const trade = child(root, 'SupplyChainTradeTransaction', 'SpecifiedSupplyChainTradeTransaction');
  const agreement = child(trade, 'ApplicableHeaderTradeAgreement', 'ApplicableSupplyChainTradeAgreement');
  const settlement = child(trade, 'ApplicableHeaderTradeSettlement', 'ApplicableSupplyChainTradeSettlement');
  const totals = child(
    settlement,
    'SpecifiedTradeSettlementHeaderMonetarySummation',
    'SpecifiedTradeSettlementMonetarySummation',
  );
  const payment = children(settlement, 'SpecifiedTradeSettlementPaymentMeans');
  const currency = textAt(settlement, 'InvoiceCurrencyCode');
  const booking = textAt(settlement, 'ReceivableSpecifiedTradeAccountingAccount', 'ID');
  return {
    kind: kindOf(textAt(header, 'TypeCode')),
    number: textAt(header, 'ID'),
    issuedOn: dayOf(child(header, 'IssueDateTime')),
    dueOn: firstOf(children(settlement, 'SpecifiedTradePaymentTerms'), (terms) =>
      dayOf(child(terms, 'DueDateDateTime')),
    ),
    currency,
    seller: {
      name: '',
      ...partyOf(child(agreement, 'SellerTradeParty')),
      iban: firstOf(payment, (means) =>
        ibanOf(textAt(means, 'PayeePartyCreditorFinancialAccount', 'IBANID')),
      ),
      bic: firstOf(payment, (means) => textAt(means, 'PayeeSpecifiedCreditorFinancialInstitution', 'BICID')),
    },
    buyer: buyerOf(child(agreement, 'BuyerTradeParty'), payment),
    lines: children(trade, 'IncludedSupplyChainTradeLineItem')
      .filter(isCounted)
      .map((line) => lineOf(line, booking)),
    adjustments: adjustmentsOf(settlement),
    taxes: children(settlement, 'ApplicableTradeTax').map(taxOf),
    totals: totalsOf(totals, currency),
    paymentReference: textAt(settlement, 'PaymentReference'),
    orderReference:
      textAt(agreement, 'BuyerOrderReferencedDocument', 'IssuerAssignedID') ??
      textAt(agreement, 'BuyerOrderReferencedDocument', 'ID'),
    notes: children(header, 'IncludedNote').flatMap((note) => textAt(note, 'Content') ?? []),
  };
}

function totalsOf(totals: XmlElement | undefined, currency: string | undefined): TotalFields {
  // A second tax total restates the first in the currency in which the seller accounts for tax.
  const tax = children(totals, 'TaxTotalAmount').find((total) => {
    const stated = total.attributes.get('currencyID');
    return stated === undefined || stated === currency;
  });
  return {
    net: child(totals, 'TaxBasisTotalAmount'),
    tax,
    gross: child(totals, 'GrandTotalAmount'),
    prepaid: child(totals, 'TotalPrepaidAmount'),
    rounding: child(totals, 'RoundingAmount'),
    payable: child(totals, 'DuePayableAmount'),
  };
}

/** The element that holds the day: its type depends on the edition of the schema. */
function dayOf(holder: XmlElement | undefined): XmlElement | undefined {
  return child(holder, 'DateTimeString', 'DateString', 'DateTime', 'Date');
}

function buyerOf(element: XmlElement | undefined, payment: readonly XmlElement[]): DocumentParty | undefined {
  const party = partyOf(element);
  if (party === undefined) return undefined;
  const debited = firstOf(payment, (means) =>
    ibanOf(textAt(means, 'PayerPartyDebtorFinancialAccount', 'IBANID')),
  );
  return debited === undefined ? party : { ...party, iban: debited };
}

function partyOf(party: XmlElement | undefined): DocumentParty | undefined {
  if (party === undefined) return undefined;
  const registrations = children(party, 'SpecifiedTaxRegistration').flatMap(
    (each) => child(each, 'ID') ?? [],
  );
  const vat = registrations.find((id) => id.attributes.get('schemeID') === 'VA') ?? registrations[0];
  const endpoint = at(party, 'URIUniversalCommunication', 'URIID');
  return {
    name: textAt(party, 'Name') ?? '',
    taxId: textAt(vat),
    registrationId: textAt(party, 'SpecifiedLegalOrganization', 'ID'),
    country: textAt(party, 'PostalTradeAddress', 'CountryID'),
    email:
      textAt(party, 'DefinedTradeContact', 'EmailURIUniversalCommunication', 'URIID') ??
      (endpoint?.attributes.get('schemeID') === 'EM' ? textAt(endpoint) : undefined),
  };
}

/** Headings and subtotals are lines too in the extended profile, and comments in ZUGFeRD 1; they carry no amount of their own. */
function isCounted(line: XmlElement): boolean {
  const status = textAt(line, 'AssociatedDocumentLineDocument', 'LineStatusReasonCode');
  if (status === 'GROUP' || status === 'INFORMATION') return false;
  return lineNet(line) !== undefined || child(line, 'SpecifiedTradeProduct') !== undefined;
}

function lineSettlement(line: XmlElement): XmlElement | undefined {
  return child(line, 'SpecifiedLineTradeSettlement', 'SpecifiedSupplyChainTradeSettlement');
}

function lineNet(line: XmlElement): XmlElement | undefined {
  const summation = child(
    lineSettlement(line),
    'SpecifiedTradeSettlementLineMonetarySummation',
    'SpecifiedTradeSettlementMonetarySummation',
  );
  return child(summation, 'LineTotalAmount');
}

function lineOf(element: XmlElement, booking: string | undefined): InvoiceLineFields {
  const product = child(element, 'SpecifiedTradeProduct');
  const delivery = child(element, 'SpecifiedLineTradeDelivery', 'SpecifiedSupplyChainTradeDelivery');
  const settlement = lineSettlement(element);
  const tax = child(settlement, 'ApplicableTradeTax');
  return {
    element,
    description: itemText(textAt(product, 'Name'), textAt(product, 'Description')),
    quantity: child(delivery, 'BilledQuantity')?.text,
    net: lineNet(element),
    taxRate: rateOf(tax),
    taxCategory: textAt(tax, 'CategoryCode'),
    tax: child(tax, 'CalculatedAmount'),
    category: textAt(settlement, 'ReceivableSpecifiedTradeAccountingAccount', 'ID') ?? booking,
  };
}

function adjustmentsOf(settlement: XmlElement | undefined): AdjustmentFields[] {
  const adjustments = children(settlement, 'SpecifiedTradeAllowanceCharge').map((element) => {
    const indicator = textAt(element, 'ChargeIndicator', 'Indicator') ?? textAt(element, 'ChargeIndicator');
    return {
      charge: indicator === 'true' || indicator === '1',
      reason: textAt(element, 'Reason'),
      amount: child(element, 'ActualAmount'),
      taxRate: rateOf(child(element, 'CategoryTradeTax')),
      taxCategory: textAt(element, 'CategoryTradeTax', 'CategoryCode'),
    };
  });
  const services = children(settlement, 'SpecifiedLogisticsServiceCharge').map((element) => ({
    charge: true,
    reason: textAt(element, 'Description'),
    amount: child(element, 'AppliedAmount'),
    taxRate: rateOf(child(element, 'AppliedTradeTax')),
    taxCategory: textAt(element, 'AppliedTradeTax', 'CategoryCode'),
  }));
  return [...adjustments, ...services];
}

function taxOf(element: XmlElement): TaxFields {
  return {
    base: child(element, 'BasisAmount'),
    tax: child(element, 'CalculatedAmount'),
    rate: rateOf(element),
    category: textAt(element, 'CategoryCode'),
  };
}

function rateOf(tax: XmlElement | undefined): string | undefined {
  return child(tax, 'RateApplicablePercent', 'ApplicablePercent')?.text;
}
