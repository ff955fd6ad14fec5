import type { CalendarDate } from '#kernel/calendar';
import type { Transaction } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { bookByRules } from '../book-by-rules.ts';
import { bookStatementLine } from '../matches/book-statement-line.ts';
import { matchManually } from '../matches/match-manually.ts';
import { releaseStatement } from '../statements/release-statement.ts';
import { acceptProposal } from './accept-rule-proposal.ts';
import { askAboutException } from './ask-about-exception.ts';
import { closeException, deciderOf } from './close-exception.ts';
import type { LockedException } from './load-exception.ts';
import type { ResolutionProposal } from './propose-resolutions.ts';
import { within } from './within.ts';

/** Carries out a proposal of an open exception and notes which it was. */
export async function applyProposal(
  transaction: Transaction,
  exception: LockedException & { readonly id: string },
  proposal: ResolutionProposal,
): Promise<void> {
  await carryOut(transaction, exception, proposal);
  const asked = proposal.kind === 'ASK';
  await transaction.query(
    `update reconciliation.exception
        set applied_proposal = $2, resolved_by = case when status = 'OPEN' then resolved_by else $3 end where id = $1`,
    [exception.id, proposal.id, deciderOf(transaction)],
  );
  transaction.audit({
    subjectType: 'Exception',
    subjectId: exception.id,
    before: { status: exception.status },
    after: { status: asked ? 'OPEN' : 'RESOLVED', proposal: proposal.id, label: proposal.label },
  });
}

async function carryOut(
  transaction: Transaction,
  exception: LockedException & { readonly id: string },
  proposal: ResolutionProposal,
): Promise<void> {
  const { kind, memo } = proposal;
  if (kind === 'ASK') {
    const { message = proposal.label, followUpOn } = proposal;
    await askAboutException(transaction, exception, { message, followUpOn: followUpOn as CalendarDate });
  } else if (kind === 'RESOLVE') {
    await closeException(transaction, exception.id, proposal.resolution ?? proposal.label);
  } else if (kind === 'RELEASE') {
    await within(transaction, releaseStatement, { statementId: exception.statementId ?? '' });
  } else {
    const lineId = exception.lineId ?? '';
    if (kind === 'MATCH' || kind === 'SPLIT') {
      const openItemIds = (proposal.items ?? []).map(({ openItemId }) => openItemId);
      const differenceAccountCode = proposal.accountCode;
      await within(transaction, matchManually, {
        lineIds: [lineId],
        openItemIds,
        ...(differenceAccountCode === undefined ? {} : { differenceAccountCode }),
      });
      return;
    }
    if (kind === 'MAKE_RULE') {
      await acceptProposal(transaction, exception.bookId, {
        proposalId: proposal.ruleProposalId ?? '',
        memo,
      });
      const booked = await bookByRules(transaction, exception.bookId, [lineId]);
      if (booked.has(lineId)) return;
    }
    await within(transaction, bookStatementLine, { lineId, accountCode: accountOf(proposal), memo });
  }
}

function accountOf({ accountCode }: ResolutionProposal): string {
  if (accountCode !== undefined) return accountCode;
  const message = 'No account is known for this; say which in accountCode';
  throw new CrossfootError('FIELD_MISSING', message, { path: ['accountCode'] });
}
