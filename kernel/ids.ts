import { randomBytes } from 'node:crypto';

/** Crockford's base 32 in lower case: no i, l, o, u. Its order is also the order of ASCII, so ids sort as text. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const LENGTH = 26;
const RANDOM_BITS = 80n;
const PREFIX = /^[a-z][a-z0-9]*$/;
/** 26 characters hold 130 bits and an id has 128, so the first character is at most 7. */
const BODY = /^[0-7][0-9a-hjkmnp-tv-z]{25}$/;

/**
 * Makes a source of ids, whose order is its own. An id such as `je_01k9…` is opaque: prefix, 48 bits of the clock in
 * milliseconds, 80 random bits.
 */
export function idSource(randomBytes: (size: number) => Buffer): (prefix: string) => string {
  const random = tenBytes(randomBytes);
  let last = 0n;
  return (prefix) => {
    if (!PREFIX.test(prefix)) throw new TypeError(`${JSON.stringify(prefix)} is not a prefix of ids.`);
    const bytes = random();
    const fresh = (BigInt(Date.now()) << RANDOM_BITS) | BigInt(`0x${bytes.toString('hex')}`);
    // A random step keeps neighbours hard to guess; a carry moves into the milliseconds and stays in order.
    last = fresh >> RANDOM_BITS > last >> RANDOM_BITS ? fresh : last + 1n + BigInt(bytes.readUInt32BE(0));
    return `${prefix}_${encode(last)}`;
  };
}

/**
 * A new id. Ids of one process sort in the order in which they were made, also within a millisecond or when the clock
 * steps back. Throws a TypeError for a prefix that is not lower-case letters and digits.
 */
export const newId: (prefix: string) => string = idSource(randomBytes);

/** The lowest id of a prefix that can be made at an instant: ids made later sort behind it. */
export function firstIdAt(prefix: string, instant: Date): string {
  return `${prefix}_${encode(BigInt(instant.getTime()) << RANDOM_BITS)}`;
}

/** Whether the text has the shape of an id with this prefix; says nothing about whether the row exists. */
export function isId(text: string, prefix: string): boolean {
  return text.startsWith(`${prefix}_`) && BODY.test(text.slice(prefix.length + 1));
}

/** Ten random bytes at a time; asking the system for each id by itself would cost more than all the rest of it. */
function tenBytes(randomBytes: (size: number) => Buffer): () => Buffer {
  let bytes = randomBytes(4096);
  let used = 0;
  return () => {
    if (used + 10 > bytes.length) {
      bytes = randomBytes(4096);
      used = 0;
    }
    used += 10;
    return bytes.subarray(used - 10, used);
  };
}

/** The alphabet by the digits of JavaScript's own base 32, which are 0 to 9 and a to v. */
const digits = new Map(Array.from(ALPHABET, (letter, digit) => [digit.toString(32), letter]));

function encode(value: bigint): string {
  let text = '';
  for (const digit of value.toString(32).padStart(LENGTH, '0')) text += digits.get(digit);
  return text;
}

/** The entities of the graph by the prefix of their ids. */
export const entitiesByPrefix: Readonly<Record<string, string>> = {
  acc: 'Account',
  apr: 'ApprovalRequest',
  asr: 'AssignmentRule',
  aud: 'AuditRecord',
  ba: 'BankAccount',
  bf: 'BankFeed',
  bff: 'BankFeedFile',
  bfr: 'BankFeedRun',
  bk: 'Book',
  bl: 'StatementLine',
  brl: 'BookingRule',
  bs: 'BankStatement',
  bud: 'Budget',
  cf: 'CustomField',
  cl: 'CloseChecklist',
  con: 'Connection',
  dim: 'Dimension',
  doc: 'Document',
  drf: 'Draft',
  dv: 'DimensionValue',
  ex: 'Exception',
  file: 'File',
  fx: 'ManualExchangeRate',
  imp: 'Import',
  je: 'JournalEntry',
  key: 'ApiKey',
  lut: 'LookupTable',
  ma: 'Match',
  mem: 'Member',
  mr: 'MatchingRun',
  mt: 'MappingTemplate',
  mtv: 'MappingTemplateVersion',
  oi: 'OpenItem',
  org: 'Organisation',
  pa: 'PayerAlias',
  per: 'Period',
  pl: 'PendingLine',
  pml: 'PaymentLine',
  po: 'PaymentOrder',
  pol: 'ApprovalPolicy',
  prl: 'Payroll',
  ptf: 'ProcessorTariff',
  pym: 'PayoutMember',
  pyt: 'Payout',
  rev: 'Revaluation',
  rs: 'SignedStatement',
  rt: 'RecordedTransaction',
  rule: 'MappingRule',
  run: 'SyncRun',
  tax: 'TaxCode',
  ven: 'Vendor',
  vf: 'ValidationFinding',
};

/** The type of the graph that an id names by its prefix, if any; says nothing about whether the row exists. */
export function entityOfId(id: string): string | undefined {
  const prefix = id.slice(0, Math.max(0, id.indexOf('_')));
  return Object.hasOwn(entitiesByPrefix, prefix) ? entitiesByPrefix[prefix] : undefined;
}
