/** Why something needs a person. */
export const exceptionReasons = {
  NO_CANDIDATE: 'Nothing in the books has this reference, party or amount.',
  AMBIGUOUS: 'Several open items fit, and nothing tells them apart.',
  AMOUNT_DIFFERS: 'The item is named, but another amount was paid.',
  DUPLICATE: 'What was paid had been paid before.',
  RETURNED: 'A payment came back.',
  FEE_UNKNOWN: 'It looks like a charge of the bank, for which there is no document.',
  FX_OUT_OF_BAND: 'The rate of the payment is too far from that of the day.',
  CLOSED_PERIOD: 'The ledger refused the posting: the period is closed.',
  POSTING_REFUSED: 'The ledger refused the posting for another reason.',
  STATEMENT_UNBALANCED: 'The statement does not add up, or one before it is missing.',
  STATEMENT_GAP: 'A statement between two others is missing.',
  STATEMENT_OVERLAP: 'Two statements tell of the same days, and not the same.',
  CURRENCY_DIFFERS: 'It is in another currency than the account or the item.',
  PENDING_CHANGED: 'What the bank had announced was booked with another amount.',
  BALANCE_DIFFERS: 'Books and bank part by an amount that no listed item explains.',
  PAYMENT_REJECTED: 'The bank refused a payment.',
  PAYMENT_RETURNED: 'A payment of ours came back.',
  PAYMENT_UNCONFIRMED: 'The bank has not confirmed a payment in time.',
  PAYOUT_INCOMPLETE: 'The members of a payout do not add up to what was paid out.',
  PAYOUT_MISSING: 'A payout that was reported has not reached the bank.',
  FEE_DIFFERS: 'A fee is not what was agreed.',
  FEED_FAILED: 'A bank feed has not delivered.',
} as const;

/** One reason of an exception. */
export type ExceptionReason = keyof typeof exceptionReasons;

/** How urgent an exception is, the least urgent first. */
export const severityOrder = ['LOW', 'MEDIUM', 'HIGH'] as const;

/** One degree of urgency. */
export type ExceptionSeverity = (typeof severityOrder)[number];

/** What is to be done about each reason, where nothing more is known. */
export const advice: Record<ExceptionReason, string> = {
  NO_CANDIDATE: 'Hand in the missing document, or book the line to an account.',
  FEE_UNKNOWN: 'Book the line to the account for bank charges.',
  AMBIGUOUS: 'Choose the items that were paid and match them by hand.',
  AMOUNT_DIFFERS: 'Match the item in part, or ask the payer for the difference.',
  FX_OUT_OF_BAND: 'Check the rate the bank has used, and match by hand where it is right.',
  POSTING_REFUSED: 'Correct what the ledger names and accept the match or book the line again.',
  DUPLICATE: 'Send the money back, or match the line with another item of the payer.',
  RETURNED: 'Ask why the payment came back; book both lines, or match what is paid anew.',
  CLOSED_PERIOD: 'Have an accountant open the period and accept the match again.',
  STATEMENT_UNBALANCED: 'Import the missing or complete statement, or release this one as it is.',
  STATEMENT_GAP: 'Import the statement that is missing.',
  STATEMENT_OVERLAP: 'Compare both statements and ask the bank which one holds.',
  CURRENCY_DIFFERS: 'Match by hand in the currency of the account, or correct the document.',
  PENDING_CHANGED: 'Compare both amounts and match the line anew.',
  BALANCE_DIFFERS: 'Look through the listed items for what was booked twice or not at all.',
  PAYMENT_REJECTED: 'Correct what the bank names and pay again.',
  PAYMENT_RETURNED: 'Ask for the right account and pay again; what was paid is open again.',
  PAYMENT_UNCONFIRMED: 'Ask the bank for the state of the payment before it is sent again.',
  PAYOUT_INCOMPLETE: 'Import the complete report of the payout.',
  PAYOUT_MISSING: 'Ask the provider where the payout is.',
  FEE_DIFFERS: 'Hold the fee against the tariff and claim the difference.',
  FEED_FAILED: 'Check the credentials of the feed, or import the statement by hand.',
};
