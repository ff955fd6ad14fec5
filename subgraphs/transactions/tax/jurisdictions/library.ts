import { au } from './au.ts';
import { ca } from './ca.ts';
import { ch } from './ch.ts';
import { de } from './de.ts';
import { es } from './es.ts';
import { fr } from './fr.ts';
import { gb } from './gb.ts';
import { india } from './in.ts';
import { it } from './it.ts';
import { jp } from './jp.ts';
import type { Jurisdiction } from './jurisdiction.ts';
import { nl } from './nl.ts';
import { pl } from './pl.ts';
import { se } from './se.ts';
import { us } from './us.ts';

/** The countries whose taxes come with the product, in the order of their codes. */
export const jurisdictions: readonly Jurisdiction[] = [
  au,
  ca,
  ch,
  de,
  es,
  fr,
  gb,
  india,
  it,
  jp,
  nl,
  pl,
  se,
  us,
];

/** The taxes of a country, if the library has them. */
export function jurisdictionOf(country: string): Jurisdiction | undefined {
  return jurisdictions.find((one) => one.country === country);
}
