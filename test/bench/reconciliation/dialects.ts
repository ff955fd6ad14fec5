import type { Chance } from './chance.ts';
import {
  belgianReference,
  creditorReference,
  finnishReference,
  swissReference,
} from './payment-references.ts';

/** How one part of the world names companies, numbers documents and pays; rules learned on one fail on the next. */
export interface Dialect {
  readonly country: string;
  /** Of the account and of most items. */
  readonly currency: string;
  readonly ibanDigits: number;
  readonly syllables: readonly string[];
  readonly trades: readonly string[];
  /** Legal forms, each in the spellings it is met in. */
  readonly forms: readonly (readonly string[])[];
  /** What banks put before a payer now and then. */
  readonly prefixes: readonly string[];
  readonly invoice: (serial: number, day: number) => string;
  readonly bill: (serial: number, day: number) => string;
  readonly structured: (serial: number) => string;
  /** How many documents carry a payment reference. */
  readonly structuredShare: number;
  /** What payers write around a reference, `{}` being the reference. */
  readonly phrases: readonly string[];
  readonly separators: readonly string[];
  /** Words with numbers in them that name no item. */
  readonly asides: readonly ((chance: Chance) => string)[];
  readonly silences: readonly string[];
  /** Days from the document to the payment. */
  readonly lag: (chance: Chance) => number;
  readonly terms: readonly number[];
  /** Prices many share, in minor units. */
  readonly usualPrices: readonly number[];
  /** Natural logarithms of the least and the largest usual amount in minor units. */
  readonly amounts: readonly [number, number];
  readonly linesPerParty: number;
}

/** The dialects there are. */
export type DialectName = 'anglo' | 'rhine' | 'nordic' | 'latin';

const words = (text: string): string[] => text.split(' ');
const padded = (serial: number, length: number): string => String(serial).padStart(length, '0');
const date = (chance: Chance, separator: string): string =>
  [padded(chance.whole(1, 28), 2), padded(chance.whole(1, 12), 2), '2026'].join(separator);

const anglo: Dialect = {
  country: 'GB',
  currency: 'GBP',
  ibanDigits: 20,
  syllables: words(
    'har ving ton mead el der brook ash ford wes lin cot ter red mar low pen rose hal dun ley',
  ),
  trades: words(
    'Freight Studios Catering Partners Supplies Software Textiles Marine Print Roofing Events Labs',
  ),
  forms: [
    words('Ltd Limited LTD.'),
    words('LLC L.L.C. llc'),
    words('Inc Inc. Incorporated'),
    words('plc PLC'),
  ],
  prefixes: ['PAYMENT FROM ', 'TRANSFER FROM ', 'DEPOSIT FROM '],
  invoice: (serial) => `INV-${100_000 + serial}`,
  bill: (serial) => `PB${70_000 + serial}`,
  structured: creditorReference,
  structuredShare: 0.2,
  phrases: ['{}', '{}', 'Invoice {}', 'inv {} thanks', 'Re: {}', 'pmt {}', 'Payment for {}'],
  separators: [', ', ' ', '/', ' & '],
  asides: [
    (chance) => `acct ${chance.whole(1_000, 99_999)}`,
    (chance) => `PO ${chance.whole(10_000, 99_999)}`,
  ],
  silences: ['', '', 'thanks', 'payment', 'as agreed'],
  lag: (chance) => (chance.happens(0.55) ? chance.whole(0, 7) : chance.whole(8, 70)),
  terms: [0, 14, 30, 30, 60],
  usualPrices: [995, 1_999, 2_999, 4_900, 9_900, 12_500, 25_000, 50_000],
  amounts: [5, 12.2],
  linesPerParty: 25,
};

const rhine: Dialect = {
  country: 'DE',
  currency: 'EUR',
  ibanDigits: 20,
  syllables: words('berg hof stein wald kel ler brun nen feld lau ter mann gru schwa rz els dorf an rei ger'),
  trades: words('Technik Handel Logistik Bau Metallbau Apotheke Verlag Systeme Druck Energie Holz Werkzeuge'),
  forms: [
    words('GmbH G.m.b.H. Gmbh'),
    words('AG AG'),
    ['GmbH & Co. KG', 'GmbH + Co KG', 'GmbH&Co.KG'],
    words('UG UG'),
    words('e.K. eK'),
  ],
  prefixes: ['ZAHLUNG ', 'ZAHLUNG VON ', 'Firma '],
  invoice: (serial, day) => `RE${26 + Math.floor(day / 366)}/${padded(serial, 6)}`,
  bill: (serial) => `ER-${padded(40_000 + serial, 7)}`,
  structured: swissReference,
  structuredShare: 0.3,
  phrases: ['{}', 'Rechnung {}', 'RG-NR {}', 'Rechn. Nr. {} v. 03.02.2026', 'Rg {}', 'zu {}'],
  separators: [', ', ' + ', ' ', ';', ' u. '],
  asides: [
    (chance) => `Kd-Nr. ${chance.whole(10_000, 79_999)}`,
    (chance) => `vom ${date(chance, '.')}`,
    (chance) => `Vertrag ${chance.whole(100_000, 999_999)}`,
  ],
  silences: ['', 'Zahlung', 'Danke', 'siehe Avis', 'Ueberweisung'],
  lag: (chance) => (chance.happens(0.4) ? chance.whole(8, 16) : chance.whole(0, 45)),
  terms: [14, 14, 30, 30, 45],
  usualPrices: [1_190, 2_380, 5_950, 11_900, 17_850, 23_800, 59_500, 119_000],
  amounts: [5.5, 13],
  linesPerParty: 35,
};

const nordic: Dialect = {
  country: 'FI',
  currency: 'EUR',
  ibanDigits: 16,
  syllables: words('koi vu sal mi ran ta lah ti niem heik vai no sten bjor gran lund ost erik sol vik'),
  trades: words('Rakennus Kauppa Konsult Fastigheter Transport Kalusteet Maskin Bygg Ravintola Data Metsä'),
  forms: [
    words('Oy OY'),
    ['Oy Ab', 'OY AB', 'Ab Oy'],
    words('AB Aktiebolag'),
    words('Oyj Oyj'),
    words('AS A/S'),
  ],
  prefixes: ['TILISIIRTO ', 'BETALNING ', ''],
  invoice: (serial) => String(2_600_000 + serial),
  bill: (serial) => `L${padded(300_000 + serial, 6)}`,
  structured: (serial) => finnishReference(1_000_000 + serial),
  structuredShare: 0.75,
  phrases: ['{}', 'Lasku {}', 'Faktura {}', 'viite {}', 'lasku nro {}'],
  separators: [' ', ', ', ' ja '],
  asides: [(chance) => `asiakas ${chance.whole(1_000, 9_999)}`, (chance) => date(chance, '.')],
  silences: ['', '', 'maksu', 'betalning', 'kiitos'],
  lag: (chance) => (chance.happens(0.7) ? chance.whole(11, 15) : chance.whole(0, 40)),
  terms: [14, 14, 14, 30],
  usualPrices: [1_240, 2_480, 6_200, 9_900, 12_400, 24_800, 62_000],
  amounts: [4.8, 12],
  linesPerParty: 20,
};

const latin: Dialect = {
  country: 'FR',
  currency: 'EUR',
  ibanDigits: 25,
  syllables: words('ma rou fer ran ville cou dal bo net gar cia lo pez sou sa mon tei ro be chau val'),
  trades: words(
    'Transports Menuiserie Alimentaire Conseil Textil Obras Moda Frutas Imprimerie Plomberie Vinos',
  ),
  forms: [
    words('SARL S.A.R.L. Sarl'),
    words('SAS S.A.S.'),
    words('SL S.L.'),
    words('Lda LDA. Limitada'),
    words('SRL S.r.l.'),
  ],
  prefixes: ['VIR DE ', 'VIREMENT ', 'TRANSFERENCIA DE ', 'BONIFICO '],
  invoice: (serial, day) => `F26${padded((Math.floor(day / 30) % 12) + 1, 2)}-${padded(serial, 5)}`,
  bill: (serial) => `A/${padded(serial, 6)}`,
  structured: belgianReference,
  structuredShare: 0.25,
  phrases: ['{}', 'FACT {}', 'Facture n° {}', 'FACTURA {}', 'REGLT {}', 'fra. {}'],
  separators: ['/', ' ', ' - ', ' et '],
  asides: [(chance) => `client ${chance.whole(400, 9_999)}`, (chance) => `du ${date(chance, '/')}`],
  silences: ['', 'virement', 'reglement', 'pago', 'divers'],
  // Many pay on one day of the month, so that dates say little and amounts meet each other.
  lag: (chance) =>
    chance.happens(0.5) ? 30 * chance.whole(1, 2) + chance.whole(-1, 2) : chance.whole(0, 75),
  terms: [30, 30, 45, 60],
  usualPrices: [1_200, 2_400, 6_000, 12_000, 18_000, 30_000, 60_000, 120_000],
  amounts: [5, 12.6],
  linesPerParty: 30,
};

/** Every dialect by its name. */
export const dialects: Readonly<Record<DialectName, Dialect>> = { anglo, rhine, nordic, latin };
