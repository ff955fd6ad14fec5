/**
 * The one table of error codes: what a code asks of the person or program that caused it.
 * A command answers these as data (`errors: [UserError!]!`); the text of the case itself is the error's message.
 */
export const remedies = {
  // Values
  FIELD_MISSING: 'Fill in the field named in the path and send the request again.',
  FIELD_INVALID: 'Correct the field named in the path; its description says what is accepted.',
  AMOUNT_INVALID: 'Send amounts as plain decimal text such as "1284.50", without grouping or currency signs.',
  AMOUNT_TOO_PRECISE: 'Round the amount to the number of decimals of its currency.',
  CURRENCY_UNKNOWN: 'Use an ISO 4217 currency code that is in force, such as EUR.',
  CURRENCY_MISMATCH: 'Use one currency for all amounts of this operation.',
  DATE_INVALID: 'Send days as YYYY-MM-DD.',
  CURSOR_INVALID:
    'Use a cursor exactly as an earlier answer gave it, or leave it out to start from the beginning.',
  // Access
  UNAUTHENTICATED: 'Send a valid bearer token or API key.',
  FORBIDDEN: 'Ask an owner of the organisation for a role or key with the scope named in the message.',
  NOT_FOUND: 'Check the id; it must belong to your organisation.',
  // Commands
  IDEMPOTENCY_CONFLICT:
    'Use a new idempotency key for a different request; repeat the first request unchanged to get its result.',
  ALREADY_EXISTS: 'Use the record that exists, or choose another name or number.',
  STATE_CONFLICT: 'Load the record again; its state no longer allows this step.',
  VERSION_CONFLICT: 'Load the record again and decide on its present version.',
  // Files
  FILE_UNREADABLE:
    'Send the file again as the bank or supplier made it; the message names the first line that could not be read.',
  FORMAT_UNKNOWN:
    'Send camt.053, MT940, OFX or CSV for statements; UBL, CII or CSV for documents; for CSV give a column mapping.',
  FORMAT_WRONG: 'This file is of another kind; use the operation named in the message.',
  FORMAT_UNSUPPORTED: 'Ask the sender for one of the supported formats.',
  REPORT_UNSUITABLE:
    'Choose another format: CSV takes any number of rows, HLEDGER and BEANCOUNT take every currency.',
  FILE_TOO_LARGE: 'Split the file, or raise the upload limit in the configuration.',
  ROWS_REFUSED: 'Correct the rows that the file of errors names, and import the file again.',
  COLUMN_MISSING: 'Name the column in the mapping exactly as the header spells it.',
  LINE_MALFORMED: 'Correct the line named in the message, or ask the bank for the file again.',
  STATEMENT_UNBALANCED:
    'Ask the bank for the complete statement: opening balance plus lines must equal the closing balance.',
  STATEMENT_GAP:
    'Import the statement that is missing: this one is then used by itself; or release it as it is.',
  STATEMENT_OVERLAP:
    'Compare both statements. If this one tells of other movements, release it; if it tells the same ones in another way, leave it as it is.',
  PAYOUT_UNBALANCED:
    'Import the complete report of the payout; until its members come to its amount a person has to agree to the match.',
  // Dimensions and custom fields
  DIMENSION_UNKNOWN: 'Use the key of a dimension of the book that is in use; query `dimensions`.',
  DIMENSION_VALUE_UNKNOWN: 'Use the code of a value of the dimension, or add the value first.',
  DIMENSION_VALUE_INACTIVE: 'Use a value that is in use on the day, or change its validity.',
  DIMENSION_REQUIRED: 'Give the line a value of the dimension, or set a default for the account.',
  CUSTOM_FIELD_UNKNOWN: 'Use the key of a custom field of the book that is in use; query `customFields`.',
  // Ledger
  ENTRY_UNBALANCED: 'Make debits equal credits in each currency of the entry.',
  ENTRY_INCOMPLETE: 'Correct the rows of the entry that the file of errors names, and import them together.',
  ENTRY_TOO_SMALL: 'An entry needs at least two lines, none of them zero.',
  RATE_MISSING: 'Import reference rates, or set a rate by hand for these currencies and this day.',
  BALANCE_OUT_OF_BOUNDS:
    'Post less, post what brings the account back first, or have its limits changed by `setBalanceBounds`.',
  PERIOD_CLOSED: 'Post into an open period, or have an accountant open this one.',
  PERIOD_OVERLAPS: 'Name exactly the days of an existing period, or days that overlap none; query `periods`.',
  REASON_REQUIRED: 'Say why in the field `reason`; it is kept in the audit log.',
  CHECKLIST_OPEN:
    'Do what the message names (query `closeChecklist`), or lock with a reason and without `requireClean`.',
  CONFIGURATION_FROZEN:
    'Wait until the days around the end of the period have passed, or have an owner override it with a reason.',
  ACCOUNT_UNKNOWN: 'Use an account code of this book; query `accounts` to list them.',
  ACCOUNT_INACTIVE: 'Use an active account of this book.',
  ALREADY_REVERSED: 'The entry was reversed before; look at its reversal.',
  TAX_CODE_UNKNOWN:
    'Use a tax code of this book; query `taxCodes` to list them, or install those of its country.',
  TAX_DIFFERS:
    'Compare with the document: set the tax by `overrideTax`, correct its tax code, or ask the sender for a corrected document.',
  TAX_RATE_MISSING: 'Use a code with a rate on that day, or give this one a rate from that day on.',
  DOCUMENT_TOTALS_DIFFER: 'Ask the supplier for a corrected document: net plus tax must equal the total.',
  DOCUMENT_DIRECTION_UNKNOWN:
    'Check that the document is for this book; if it is, release it and say its kind, otherwise reject it.',
  DOCUMENT_NUMBER_REUSED:
    'Compare both documents: reject the wrong one, or release this one with a number of its own.',
  DOCUMENT_UNSUPPORTED: 'Post it as a journal entry by hand and reject the document, or correct its kind.',
  DUPLICATE_DOCUMENT: 'Nothing to do: the first copy is in the books. Reject this one.',
  VENDOR_BLOCKED: 'Activate the vendor or use another one.',
  // Expressions and mapping templates
  EXPRESSION_INVALID:
    'Correct the expression at the place the message names; the variables and functions it may use are in the documentation of expressions.',
  EXPRESSION_FAILED:
    'Make the expression cover this case too: test with a condition, give `lookup` a third argument, or correct the data.',
  EXPRESSION_LIMIT: 'Make the expression simpler: fewer loops over lists, shorter texts, smaller numbers.',
  TEMPLATE_RULE_MISSING:
    'Add a rule for this kind and category to a mapping template of the book, have it approved, and activate it.',
  TEMPLATE_INVALID: 'Correct the template at the path the message names and check it again.',
  TEMPLATE_TESTS_FAILED:
    'Correct the rule or the test named in the message; all tests must pass before approval.',
  // Approvals
  FOUR_EYES: 'Somebody other than the submitter, with the right to approve, must decide.',
  ALREADY_DECIDED: 'Load the request again; a decision has been taken.',
  COMMENT_REQUIRED: 'Say in a comment why you reject.',
  // Reconciliation
  BANK_ACCOUNT_UNKNOWN: 'Open the bank account first, with the IBAN or number that stands in the statement.',
  LINE_ALREADY_MATCHED: 'Undo the present match of the line first.',
  AMOUNTS_DIFFER: 'Choose items that add up to the line, or book the difference.',
  // Bank feeds
  FEED_UNREACHABLE:
    'Check that the place is there and can be reached from here; the feed tries again by itself, with growing pauses.',
  FEED_ACCESS_REFUSED: 'Ask the bank for valid credentials and set them with `setBankFeedCredentials`.',
  FEED_HOST_KEY_CHANGED:
    'Ask the bank whether it has a new key. Only when its fingerprint is the one shown here, pin it with `changeBankFeed`.',
  FEED_ADDRESS_REFUSED:
    'Use an address of the public internet, or have the operator allow the host (CROSSFOOT_FEED_HOSTS); folders stay below the drop folder.',
  // Payments
  PAYEE_UNCONFIRMED: 'Have somebody confirm the vendor (`activateVendor`), and order the payment again.',
  PAYEE_ACCOUNT_UNCLEAR:
    'Compare with the bill, add the account to the vendor (`addVendorBankDetail`), or name it in `payeeAccountId`.',
  PAYMENT_ORDERED: 'Nothing to do: another order pays the bill. Cancel that one to pay the bill in another.',
  // Sync
  SYNC_REFUSED: 'Correct the entry as the accounting system asks and retry the sync.',
  SYNC_UNAVAILABLE: 'Check that the target can be reached and written; the push is tried again by itself.',
  // Requests; the first six keep the names GraphQL clients know.
  GRAPHQL_PARSE_FAILED: 'Correct the syntax of the operation at the place the message names.',
  GRAPHQL_VALIDATION_FAILED: 'Correct the operation; the schema is shown at /graphiql.',
  BAD_USER_INPUT: 'Send variables of the types the operation declares.',
  BAD_REQUEST: 'Send one JSON object with `query` and, where needed, `variables` and `operationName`.',
  OPERATION_RESOLUTION_FAILURE: 'Name one of the operations of the document in `operationName`.',
  PERSISTED_QUERY_NOT_SUPPORTED: 'Send the text of the operation.',
  PERSISTED_QUERY_NOT_FOUND: 'Send the text of the operation together with its hash.',
  OPERATION_NOT_REGISTERED:
    'Register the operation with whoever runs this installation, or send one that is registered.',
  OPERATION_TOO_COMPLEX: 'Ask for fewer fields, smaller pages or fewer aliases in one operation.',
  RATE_LIMITED: 'Wait as long as the message says and send again.',
  SUBSCRIPTION_OVERFLOW: 'Subscribe again with the last cursor as `after`; nothing is lost.',
  SUBSCRIPTION_AUTH_EXPIRED:
    'Subscribe again with a credential that is live and the last cursor as `after`; nothing is lost.',
  SUBSCRIPTION_SCHEMA_RELOAD:
    'The graph has changed: correct the operation and subscribe again with the last cursor as `after`.',
  TOO_MANY_CONNECTIONS: 'Close connections that are no longer needed; one socket carries many subscriptions.',
  UNAVAILABLE: 'Try again in a moment.',
  INTERNAL: 'Report the trace id to whoever runs this installation.',
} as const satisfies Record<string, string>;

/** A code of the table above. */
export type ErrorCode = keyof typeof remedies;

/** What a user can fix, as data: code, what is wrong, what to do, and where in the input. */
export interface UserError {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  readonly path: readonly string[];
}

/** The typed error of the whole product. Commands turn it into a `UserError`; anything else thrown is ours to fix. */
export class CrossfootError extends Error {
  readonly code: ErrorCode;
  readonly path: readonly string[];

  constructor(code: ErrorCode, message: string, options: { path?: readonly string[]; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'CrossfootError';
    this.code = code;
    this.path = options.path ?? [];
  }

  /** The error as an answer to the caller. */
  toUserError(): UserError {
    return userError(this.code, this.message, this.path);
  }
}

/** Makes the data form of an error; the remedy comes from the table. */
export function userError(code: ErrorCode, message: string, path: readonly string[] = []): UserError {
  return { code, message, remedy: remedies[code], path };
}
