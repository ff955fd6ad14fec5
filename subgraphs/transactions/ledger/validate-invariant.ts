/** How urgent it is when an invariant does not hold. */
export type FindingSeverity = 'LOW' | 'MEDIUM' | 'HIGH';

/** One thing that must hold in a book, asked of the rows themselves and not of the code that wrote them. */
export interface Invariant {
  readonly code: string;
  /** A sentence that is true when all is well. */
  readonly name: string;
  readonly severity: FindingSeverity;
  /** What to do when it does not hold. */
  readonly remedy: string;
  /** ENTRIES: a pass asks it of new entries only. BOOK: asked of the whole book, once a day and while it does not hold. */
  readonly reach: 'ENTRIES' | 'BOOK';
  /**
   * Selects the places where it does not hold, as `FoundRow`. `$1` organisation, `$2` book; with reach ENTRIES also `$3`
   * the id of the first entry to look at and `$4` ids of earlier entries to look at besides; the subject is then an
   * entry, or the book itself when it is asked every time.
   */
  readonly sql: string;
}

/** A place where an invariant does not hold, as its statement selects it. */
export interface FoundRow {
  readonly subject_type: string;
  readonly subject_id: string;
  /** Tells places of one subject apart. */
  readonly part: string;
  /** A sentence without the figures. */
  readonly detail: string;
  /** With a currency, minor units as text; otherwise words. */
  readonly expected: string;
  readonly found: string;
  readonly currency: string | null;
  readonly evidence: readonly EvidenceRow[] | null;
}

/** A row that was compared; the amount is in minor units. */
export interface EvidenceRow {
  readonly type: string;
  readonly id: string;
  readonly label: string;
  readonly minor?: string | null;
  readonly currency?: string | null;
}

/** No statement answers more: whoever broke more than this is not helped by a longer list. */
export const mostFound = 200;

/** The entries a statement of reach ENTRIES looks at. */
export const seenEntries = `seen as (
  select * from transactions.journal_entry e
   where e.organisation_id = $1 and e.book_id = $2 and e.id >= $3::text
   union all
  select * from transactions.journal_entry e
   where e.organisation_id = $1 and e.book_id = $2 and e.id = any ($4::text[]) and e.id < $3::text)`;

/** The lines of an entry as evidence; the text names where its id and organisation stand. */
export const linesOf = (entry: string): string => `(
  select jsonb_agg(jsonb_build_object('type', 'JournalEntry', 'id', l.journal_entry_id, 'label',
           format('line %s: %s %s %s', l.position, lower(l.side), coalesce(a.code, '?'), coalesce(a.name, 'no account')),
           'minor', l.minor::text, 'currency', l.currency) order by l.position)
    from transactions.journal_line l
    left join transactions.account a on a.organisation_id = l.organisation_id and a.id = l.account_id
   where l.organisation_id = ${entry}.organisation_id and l.journal_entry_id = ${entry}.id)`;

/** Debits positive, credits negative. */
export const signed = (line: string, column = 'minor'): string =>
  `case ${line}.side when 'DEBIT' then ${line}.${column} else -${line}.${column} end`;
