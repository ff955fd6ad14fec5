import type { MatchLine } from '../matching/model.ts';

/** What banks of several countries call what they charge for themselves. */
const words =
  /\b(?:fees?|charges?|commissions?|gebühr(?:en)?|gebuehr(?:en)?|entgelt(?:e)?|kontoführung|kontofuehrung|provision|frais|cotisation|agios|kosten|comisi[oó]n(?:es)?|commissioni|spese|canone|opłat[ay]|prowizj[ae]|avgift(?:er)?|gebyr(?:er)?|tarifa)\b/iu;

/** camt families and MT940 and OFX types that stand for charges and nothing else. */
const codes = /(?:^|[^A-Z])(?:CHRG|COMM|CHG|NCHG|FCHG|SRVCHG|FEES)(?:$|[^A-Z])/;

/** Whether a line looks like a charge of the bank itself: money out, to nobody else, in a bank's words. */
export function isBankCharge(line: MatchLine & { readonly transactionCode?: string }): boolean {
  if (line.amount.minor >= 0n) return false;
  if (codes.test(line.transactionCode ?? '')) return true;
  return line.counterpartyAccount === undefined && words.test(`${line.counterpartyName ?? ''} ${line.text}`);
}
