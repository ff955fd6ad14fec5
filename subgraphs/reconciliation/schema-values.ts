import { money, type Money } from '#kernel/money';
import { enumeration } from '#kernel/graphql-types';
import { graph } from './graph.ts';
import { exceptionReasons } from './triage/reasons.ts';

/** The right without which nothing here is answered. */
export const scope = 'reconciliation:read';

/** An amount that may be missing. */
export function moneyOrNull(minor: bigint | null | undefined, currency: string): Money | null {
  return minor === null || minor === undefined ? null : money(minor, currency);
}

export const BankStatementStatusType = enumeration(graph, 'BankStatementStatus', {
  description: 'Whether a statement is used.',
  values: {
    IMPORTED: 'Its lines are matched.',
    QUARANTINED: 'It does not add up or does not go on from the one before; its lines are held back.',
  },
});

export const StatementLineStatusType = enumeration(graph, 'StatementLineStatus', {
  description: 'How far a bank line is reconciled.',
  values: {
    UNMATCHED: 'Nothing is known of it yet.',
    SUGGESTED: 'A match waits for somebody to agree.',
    MATCHED: 'It has settled open items.',
    EXCEPTION: 'It needs a person.',
    BOOKED: 'It was booked to an account.',
  },
});

export const MatchStatusType = enumeration(graph, 'MatchStatus', {
  description: 'What became of a match.',
  values: {
    SUGGESTED: 'It waits for somebody to agree.',
    ACCEPTED: 'It stands and is posted.',
    DECLINED: 'Somebody said no.',
    UNDONE: 'It stood and was taken back.',
  },
});

export const OpenItemKindType = enumeration(graph, 'OpenItemKind', {
  description: 'Who has to pay.',
  values: { PAYABLE: 'We have to pay.', RECEIVABLE: 'We are to be paid.' },
});

export const ExceptionReasonType = enumeration(graph, 'ExceptionReason', {
  description: 'Why something needs a person.',
  values: exceptionReasons,
});

export const ExceptionSeverityType = enumeration(graph, 'ExceptionSeverity', {
  description: 'How urgent an exception is.',
  values: {
    LOW: 'Everyday work.',
    MEDIUM: 'Money may go to the wrong place.',
    HIGH: 'Money is missing, or the books cannot go on.',
  },
});

export const ExceptionStatusType = enumeration(graph, 'ExceptionStatus', {
  description: 'Whether an exception is dealt with.',
  values: { OPEN: 'It waits.', RESOLVED: 'It is dealt with.' },
});
