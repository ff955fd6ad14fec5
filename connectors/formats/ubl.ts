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

/** OASIS UBL 2.x Invoice and CreditNote, such as Peppol BIS Billing and XRechnung. */
export const ubl: DocumentFormat = {
  name: 'ubl',
  recognises: ({ head }) => {
    const root = rootOf(head);
    if (root === undefined || (root.name !== 'Invoice' && root.name !== 'CreditNote')) return false;
    // Other formats also call their root Invoice; without any namespace the name has to do.
    return !root.tag.includes('xmlns') || root.tag.includes('urn:oasis:names:specification:ubl:');
  },
  read: (bytes) => readInvoice('ubl', bytes, fieldsOf),
};

function fieldsOf(root: XmlElement): InvoiceFields {
  const totals = child(root, 'LegalMonetaryTotal');
  const currency =
    textAt(root, 'DocumentCurrencyCode') ?? child(totals, 'PayableAmount')?.attributes.get('currencyID');
  const payment = children(root, 'PaymentMeans');
  const taxTotal = taxTotalOf(root, currency);
  const booking = textAt(root, 'AccountingCost');
  return {
    kind: root.name === 'CreditNote' ? 'credit-note' : kindOf(textAt(root, 'InvoiceTypeCode')),
    number: textAt(root, 'ID'),
    issuedOn: child(root, 'IssueDate'),
    dueOn: child(root, 'DueDate') ?? firstOf(payment, (means) => child(means, 'PaymentDueDate')),
    currency,
    seller: {
      name: '',
      ...partyOf(at(root, 'AccountingSupplierParty', 'Party')),
      iban: firstOf(payment, (means) => ibanOf(textAt(means, 'PayeeFinancialAccount', 'ID'))),
      bic: firstOf(payment, (means) =>
        textAt(means, 'PayeeFinancialAccount', 'FinancialInstitutionBranch', 'ID'),
      ),
    },
    buyer: buyerOf(root, payment),
    lines: children(root, 'InvoiceLine', 'CreditNoteLine').map((line) => lineOf(line, booking)),
    adjustments: children(root, 'AllowanceCharge').map(adjustmentOf),
    taxes: children(taxTotal, 'TaxSubtotal').map(taxOf),
    totals: totalsOf(totals, taxTotal),
    paymentReference: firstOf(payment, (means) => textAt(means, 'PaymentID')),
    orderReference: textAt(root, 'OrderReference', 'ID'),
    // EN 16931 puts the subject code of a note in front of it, between number signs.
    notes: children(root, 'Note')
      .map(({ text }) => text.replace(/^#[A-Z]{3}#/, '').trim())
      .filter((text) => text !== ''),
  };
}

/** The tax total in the currency of the document; a second one restates it in the seller's tax currency. */
function taxTotalOf(root: XmlElement, currency: string | undefined): XmlElement | undefined {
  return children(root, 'TaxTotal').find((total) => {
    const stated = child(total, 'TaxAmount')?.attributes.get('currencyID');
    return stated === undefined || stated === currency;
  });
}

function totalsOf(totals: XmlElement | undefined, taxTotal: XmlElement | undefined): TotalFields {
  return {
    net: child(totals, 'TaxExclusiveAmount'),
    tax: child(taxTotal, 'TaxAmount'),
    gross: child(totals, 'TaxInclusiveAmount'),
    prepaid: child(totals, 'PrepaidAmount'),
    rounding: child(totals, 'PayableRoundingAmount'),
    payable: child(totals, 'PayableAmount'),
  };
}

function buyerOf(root: XmlElement, payment: readonly XmlElement[]): DocumentParty | undefined {
  const party = partyOf(at(root, 'AccountingCustomerParty', 'Party'));
  if (party === undefined) return undefined;
  const debited = firstOf(payment, (means) =>
    ibanOf(textAt(means, 'PaymentMandate', 'PayerFinancialAccount', 'ID')),
  );
  return debited === undefined ? party : { ...party, iban: debited };
}

function partyOf(party: XmlElement | undefined): DocumentParty | undefined {
  if (party === undefined) return undefined;
  const registrations = children(party, 'PartyTaxScheme');
  const vat = registrations.find((scheme) => textAt(scheme, 'TaxScheme', 'ID') === 'VAT') ?? registrations[0];
  const endpoint = child(party, 'EndpointID');
  return {
    name: textAt(party, 'PartyLegalEntity', 'RegistrationName') ?? textAt(party, 'PartyName', 'Name') ?? '',
    taxId: textAt(vat, 'CompanyID'),
    registrationId: textAt(party, 'PartyLegalEntity', 'CompanyID'),
    country: textAt(party, 'PostalAddress', 'Country', 'IdentificationCode'),
    email:
      textAt(party, 'Contact', 'ElectronicMail') ??
      (endpoint?.attributes.get('schemeID') === 'EM' ? textAt(endpoint) : undefined),
  };
}

function lineOf(element: XmlElement, booking: string | undefined): InvoiceLineFields {
  return {
    element,
    description: itemText(textAt(element, 'Item', 'Name'), textAt(element, 'Item', 'Description')),
    quantity: child(element, 'InvoicedQuantity', 'CreditedQuantity')?.text,
    net: child(element, 'LineExtensionAmount'),
    taxRate: textAt(element, 'Item', 'ClassifiedTaxCategory', 'Percent'),
    taxCategory: textAt(element, 'Item', 'ClassifiedTaxCategory', 'ID'),
    tax: at(element, 'TaxTotal', 'TaxAmount'),
    category: textAt(element, 'AccountingCost') ?? booking,
  };
}

function adjustmentOf(element: XmlElement): AdjustmentFields {
  const indicator = textAt(element, 'ChargeIndicator');
  return {
    charge: indicator === 'true' || indicator === '1',
    reason: textAt(element, 'AllowanceChargeReason'),
    amount: child(element, 'Amount'),
    taxRate: textAt(element, 'TaxCategory', 'Percent'),
    taxCategory: textAt(element, 'TaxCategory', 'ID'),
  };
}

function taxOf(element: XmlElement): TaxFields {
  return {
    base: child(element, 'TaxableAmount'),
    tax: child(element, 'TaxAmount'),
    rate: textAt(element, 'TaxCategory', 'Percent') ?? textAt(element, 'Percent'),
    category: textAt(element, 'TaxCategory', 'ID'),
  };
}
