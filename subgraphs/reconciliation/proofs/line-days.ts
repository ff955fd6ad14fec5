/**
 * The day on which a line `l` counts, beside the statement `t` that brought it. A closing balance holds its statement's
 * lines, later days included; and no line that a later statement brought for days on which the balance was stated before.
 */
export const bankDay = `
  case when l.booked_on < t.starts_on and exists (
         select 1 from reconciliation.bank_statement p
          where p.organisation_id = l.organisation_id and p.bank_account_id = l.bank_account_id
            and p.ends_on >= l.booked_on and p.ends_on < t.ends_on and p.closing_minor is not null)
       then least(t.starts_on, t.ends_on) else least(l.booked_on, t.ends_on) end`;

/** The states of lines that the bank has booked. */
export const bookedStates = "('UNMATCHED', 'SUGGESTED', 'MATCHED', 'EXCEPTION', 'BOOKED')";
