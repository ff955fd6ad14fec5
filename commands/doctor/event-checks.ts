import { verifyInstallation } from '../../subgraphs/audit/verify-installation.ts';
import { subgraphs } from '../subgraphs.ts';
import { firstOf, problemsOf, type Check, type Finding, type Patient } from './check.ts';

/** Longer than any subgraph or the sealer takes when it works at all. */
const patienceSeconds = 60;

/** Whether what happened was told to everybody and sealed. */
export const eventChecks: readonly Check[] = [
  {
    name: 'no event is parked',
    remedy:
      'Correct what the problem names; the event is tried again by itself, at the latest an hour later.',
    examine: async ({ query }) => ({
      problems: await problemsOf(
        query,
        `select format('%s could not take %s of %s (event %s, tried %s times): %s', p.consumer, o.type, o.subject_id,
                       p.event_id, p.attempts, p.problem)
           from kernel.parked_event p join kernel.outbox o on o.id = p.event_id`,
      ),
    }),
  },
  {
    name: 'every subgraph has heard what happened',
    remedy: 'Start the platform, or the subgraph named; where it runs, its log says what holds it up.',
    examine: consumerLag,
  },
  {
    name: 'audit records are sealed',
    remedy: 'Start the audit subgraph; where it runs, its log says what holds the sealer up.',
    examine: unsealed,
  },
  {
    name: 'every audit chain verifies',
    remedy: 'Keep the database as it is for the investigation; a backup shows what the record said before.',
    examine: chains,
  },
];

async function consumerLag({ query, atRest }: Patient): Promise<Finding> {
  const problems: string[] = [];
  let waiting = 0;
  for (const { name, handlers } of subgraphs) {
    const [lag] = await query<{ events: number; seconds: number }>(
      `select count(*)::int as events, coalesce(extract(epoch from now() - min(o.occurred_at)), 0)::int as seconds
         from kernel.outbox o left join kernel.consumer c on c.name = $1
        where o.type = any ($2) and (c.name is null or (o.xid, o.id) > (c.xid, c.event_id))`,
      [name, Object.keys(handlers)],
    );
    if (!lag) continue;
    waiting += lag.events;
    if (lag.seconds > patienceSeconds && !atRest) {
      problems.push(`${name} has ${lag.events} events waiting, the oldest for ${lag.seconds} seconds`);
    }
  }
  return { problems, seen: waiting === 0 ? 'none waits' : `${waiting} on their way` };
}

async function unsealed({ query, atRest }: Patient): Promise<Finding> {
  const [stage] = await query<{ records: number; seconds: number }>(
    `select count(*)::int as records,
            coalesce(extract(epoch from now() - min((record::jsonb ->> 'occurredAt')::timestamptz)), 0)::int as seconds
       from kernel.audit_stage`,
  );
  const { records, seconds } = stage ?? { records: 0, seconds: 0 };
  const late = seconds > patienceSeconds && !atRest;
  return {
    problems: late ? [`${records} records wait to be sealed, the oldest for ${seconds} seconds`] : [],
    seen: `${records} wait`,
  };
}

async function chains({ database }: Patient): Promise<Finding> {
  const verified = await verifyInstallation(database.ownerUrl);
  const broken = verified.filter((one) => !one.valid);
  const records = verified.reduce((sum, one) => sum + one.records, 0);
  return {
    problems: firstOf(
      broken.map(
        (one) => `${one.organisationId}: record ${one.firstBroken ?? '?'}: ${one.problem ?? 'broken'}`,
      ),
    ),
    seen: `${verified.length} chains, ${records} records`,
  };
}
