import { ch } from './ch.ts';
import { de } from './de.ts';
import { es } from './es.ts';
import { fr } from './fr.ts';
import { gb } from './gb.ts';
import type { GoldenInvoice } from './golden-invoice.ts';
import { it } from './it.ts';
import { nl } from './nl.ts';
import { pl } from './pl.ts';
import { se } from './se.ts';

/** The invoices of European countries. */
export const europe: Readonly<Record<string, readonly GoldenInvoice[]>> = {
  CH: ch,
  DE: de,
  ES: es,
  FR: fr,
  GB: gb,
  IT: it,
  NL: nl,
  PL: pl,
  SE: se,
};
