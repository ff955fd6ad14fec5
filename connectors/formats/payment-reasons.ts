/**
 * What the reason codes of ISO 20022 mean that banks give for payments refused or sent back, in words for whoever has
 * to do something about it. The account, name and address are those of the creditor.
 */
const meanings: Readonly<Record<string, string>> = {
  AC01: 'the account number is wrong',
  AC02: 'the account of the debtor is wrong',
  AC03: 'the account of the creditor is wrong',
  AC04: 'the account is closed',
  AC06: 'the account is blocked',
  AC07: 'the account of the creditor is closed',
  AC13: 'the account of the debtor is of a kind that does not allow it',
  AC14: 'the account of the creditor is of a kind that does not allow it',
  AG01: 'such a payment is not allowed on the account',
  AG02: 'the bank does not know this kind of transaction',
  AG03: 'the bank does not support this kind of transaction',
  AM01: 'the amount is zero',
  AM02: 'the amount is larger than allowed',
  AM03: 'the currency is not processed',
  AM04: 'there is not enough money on the account',
  AM05: 'it has been sent before',
  AM07: 'the amount was blocked by the bank',
  AM09: 'the amount is not what was agreed',
  AM10: 'the control sum is wrong',
  AM14: 'the amount is above what was agreed with the bank',
  AM18: 'the number of payments is wrong',
  AM21: 'the amount is above the limit agreed with the bank',
  BE01: 'the name does not fit the account',
  BE04: 'the address of the creditor is missing',
  BE05: 'the bank does not know who sent it',
  BE06: 'the bank does not know the creditor',
  BE07: 'the address of the debtor is missing',
  CNOR: "the creditor's bank is not registered",
  CUST: 'the one who ordered it asked for it',
  CURR: 'the currency is wrong',
  DNOR: "the debtor's bank is not registered",
  DS02: 'it was cancelled by whoever ordered it',
  DT01: 'the day of execution is not valid',
  DU01: 'the id of the message was used before',
  DU02: 'the id of the batch was used before',
  DUPL: 'it was sent twice',
  ED05: 'the settlement failed',
  ERIN: 'the creditor does not take extended remittance information',
  FF01: 'the format of the file is wrong',
  FOCR: 'it was returned because somebody asked for it back',
  FRAD: 'it is said to be fraudulent',
  FR01: 'it is said to be fraudulent',
  MD07: 'the creditor has died',
  MS02: 'the creditor refused it and gave no reason',
  MS03: 'the bank gave no reason',
  NARR: 'the bank says why in words',
  RC01: 'the BIC of a bank is wrong',
  RC04: "the creditor's bank is wrong",
  RC07: "the BIC of the creditor's bank is wrong",
  RF01: 'the reference of the payment is not unique',
  RR01: 'what the rules ask to be said of the account of the debtor is missing',
  RR02: 'the name or address of the debtor is missing',
  RR03: 'the name or address of the creditor is missing',
  RR04: 'a regulation forbids it',
  RR05: 'what regulation asks to be reported is missing',
  RR10: 'a character is not supported',
  SL01: 'a service agreed with the bank forbids it',
  SVNR: 'the service was not rendered',
  TECH: 'something technical failed',
  TM01: 'it came after the cut-off time',
  UPAY: 'the payment is not justified',
};

/** A reason a bank gave, in a sentence that begins with its code; undefined when it gave none. */
export function reasonSentence(code: string | undefined, words: readonly string[] = []): string | undefined {
  const said = words
    .map((each) => each.trim())
    .filter(Boolean)
    .join(' ');
  const meaning = code === undefined ? undefined : meanings[code.toUpperCase()];
  const head = code === undefined ? '' : meaning === undefined ? code : `${code}: ${meaning}`;
  if (head === '') return said === '' ? undefined : said;
  return said === '' ? `${head}.` : `${head} (${said}).`;
}
