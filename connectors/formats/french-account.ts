import { ibanOf, remainder } from './fixed-records.ts';
import { tidy } from './statement-values.ts';
import type { BankParty } from '#connectors/ports';

/** The account of a French bank, branch and number; the key that its IBAN also holds follows from them. Nothing for blanks. */
export function frenchAccount(bank: string, branch: string, account: string): BankParty {
  if (!/^\d{5}$/.test(bank) || !/^\d{5}$/.test(branch) || !/^[0-9A-Z]{11}$/.test(account)) {
    return { accountNumber: tidy(`${bank} ${branch} ${account}`) };
  }
  const number = Array.from(account).map(digitOfLetter).join('');
  const key = 97 - remainder(`${bank}${branch}${number}00`, 97);
  return { iban: ibanOf('FR', `${bank}${branch}${account}${String(key).padStart(2, '0')}`) };
}

/** Letters count as digits in the key: A and J are one, B, K and S two, and so on. */
function digitOfLetter(letter: string): string {
  if (/\d/.test(letter)) return letter;
  const place = letter.charCodeAt(0) - 65;
  return String(place < 18 ? (place % 9) + 1 : place - 16);
}
