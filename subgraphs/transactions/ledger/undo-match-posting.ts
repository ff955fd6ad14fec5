import { z } from 'zod';
import { dateOf } from '#kernel/calendar';
import { command } from '#kernel/command';
import { id } from '#kernel/input';
import { tryPostEntries } from './post-entry.ts';
import { refuse } from './refuse-posting.ts';
import { loadEntry, reversalOf } from './reversal.ts';

/** Takes back the payment of a match that was undone. */
export const undoMatchPosting = command({
  name: 'undoMatchPosting',
  description:
    'Takes back the payment of a match that was undone; today when the day of the payment is closed.',
  scope: 'platform:internal',
  input: z.object({ matchId: id(), bookId: id() }),
  async run(transaction, { matchId, bookId }) {
    const [posted] = await transaction.query<{ id: string }>(
      `select e.id from transactions.journal_entry e
        where e.match_id = $1 and e.reversal_of is null
          and not exists (select 1 from transactions.journal_entry r
                           where r.organisation_id = e.organisation_id and r.reversal_of = e.id)
        order by e.id desc limit 1`,
      [matchId],
    );
    if (!posted) return { reversal: undefined };
    const original = await loadEntry(transaction, posted.id);
    const reason = 'the match was undone';
    let outcome = await tryPostEntries(transaction, [
      reversalOf(original, { postedOn: original.postedOn, reason }),
    ]);
    if ('refused' in outcome && outcome.refused.code === 'PERIOD_CLOSED') {
      outcome = await tryPostEntries(transaction, [
        reversalOf(original, { postedOn: dateOf(transaction.now), reason }),
      ]);
    }
    if ('refused' in outcome) return refuse(transaction, { cause: { matchId }, bookId }, outcome.refused);
    const [reversal] = outcome.posted;
    transaction.audit({ subjectType: 'Match', subjectId: matchId, after: { reversal: reversal?.number } });
    return { reversal: reversal?.id };
  },
});
