/** The company of the demo: a maker of outdoor gear in Hamburg that buys and sells in three currencies. */
export const company = {
  organisation: 'Kestrel Outdoor',
  book: {
    name: 'Kestrel Outdoor GmbH',
    legalName: 'Kestrel Outdoor GmbH',
    taxId: 'DE318462907',
    country: 'DE',
    baseCurrency: 'EUR',
  },
  approver: { name: 'Ravi Menon', email: 'ravi@kestrel-outdoor.example' },
  submitter: { name: 'Ana Lindqvist', email: 'ana@kestrel-outdoor.example' },
} as const;

/** Up to these amounts nobody is asked. */
export const automaticUpTo = [
  { amount: '500.00', currency: 'EUR' },
  { amount: '400.00', currency: 'GBP' },
  { amount: '500.00', currency: 'USD' },
] as const;

/** Until this day everything has been decided; what is due later still waits for somebody. */
export const decidedUntil = '2026-11-18';

/** Its bank accounts; the numbers are those in the statements. */
export const bankAccounts = [
  {
    name: 'Hansebank',
    iban: 'DE05200505500123456789',
    bic: 'HANSDEHHXXX',
    currency: 'EUR',
    ledgerAccountCode: '1000',
  },
  { name: 'Harbour Bank', iban: 'GB55HARB20304012345678', currency: 'GBP', ledgerAccountCode: '1010' },
  { name: 'Columbia Trust', accountNumber: '440012987', currency: 'USD', ledgerAccountCode: '1020' },
] as const;

/** Accounts the demo needs beside the default chart. */
export const furtherAccounts = [{ code: '1020', name: 'Third bank account', type: 'ASSET' }] as const;

/** Vendors known from the start; the others are proposed from their first document. */
export const vendors = [
  {
    name: 'Nordlicht Hosting GmbH',
    taxId: 'DE271828182',
    country: 'DE',
    currency: 'EUR',
    aliases: ['NORDLICHT HOST'],
  },
  {
    name: 'Velotex Stoffe AG',
    taxId: 'DE314159265',
    country: 'DE',
    currency: 'EUR',
    defaultAccountCode: '5400',
  },
  { name: 'Alpina Spedition GmbH', taxId: 'DE161803398', country: 'DE', currency: 'EUR' },
  { name: 'Stadtwerke Elbe GmbH', taxId: 'DE602214076', country: 'DE', currency: 'EUR' },
  { name: 'Hafenimmobilien Nord GmbH', taxId: 'DE667430150', country: 'DE', currency: 'EUR' },
  {
    name: 'Osito Software S.L.',
    taxId: 'ESB87654321',
    country: 'ES',
    currency: 'EUR',
    aliases: ['OSITO SOFTWARE'],
  },
  {
    name: 'Brightline Packaging Ltd',
    taxId: 'GB246813579',
    country: 'GB',
    currency: 'GBP',
    defaultAccountCode: '5400',
  },
  {
    name: 'Ridgeway Buckles Inc.',
    taxId: 'US-47-1112223',
    country: 'US',
    currency: 'USD',
    defaultAccountCode: '5400',
  },
  { name: 'Telkom Nord AG', country: 'DE', currency: 'EUR' },
  { name: 'Papier & Co. KG', country: 'DE', currency: 'EUR' },
  { name: 'Deutsche Bahn', country: 'DE', currency: 'EUR' },
  { name: 'Cafe Vela', country: 'DE', currency: 'EUR' },
  { name: 'Hotel Speicherhof', country: 'DE', currency: 'EUR' },
  { name: 'Mercato Uno', country: 'DE', currency: 'EUR' },
  { name: 'Taxi Hansa', country: 'DE', currency: 'EUR' },
  { name: 'Schreibwaren Kolb', country: 'DE', currency: 'EUR' },
  { name: 'Parkhaus Mitte', country: 'DE', currency: 'EUR' },
  { name: 'Werkzeug Jensen', country: 'DE', currency: 'EUR' },
] as const;
