import { createHash } from 'node:crypto';
import { SimulatedBank } from './simulated-bank.ts';
import {
  approvalOf,
  matchOf,
  people,
  type ApprovalSeed,
  type PersonName,
  type SimulatedApproval,
  type SimulatedMatch,
} from './simulated-entities.ts';

interface LoggedEvent {
  readonly topic: string;
  readonly cursor: string;
  readonly change: string;
  readonly entity: string;
  readonly value: unknown;
}

interface Change {
  readonly command: string;
  readonly by: PersonName;
  readonly subjectId: string;
  readonly before: unknown;
  readonly after: unknown;
}

type Result = { errors: { code: string; message: string; remedy: string; path: string[] }[] } & Record<
  string,
  unknown
>;

const entityOfTopic: Record<string, string> = {
  draftChanged: 'draft',
  approvalRequestChanged: 'approvalRequest',
  matchChanged: 'match',
  matchingChanged: 'matching',
  journalEntryChanged: 'journalEntry',
  syncRunChanged: 'syncRun',
  exceptionChanged: 'exception',
};

function refusal(code: string, message: string, remedy: string): Result {
  return { errors: [{ code, message, remedy, path: [] }] };
}

/** The state behind the simulated gateway: what waits, what was decided, and every event with its cursor. */
export class SimulatedBooks {
  approvals: SimulatedApproval[] = [];
  matches: SimulatedMatch[] = [];
  readonly bank = new SimulatedBank(this);
  connections: Record<string, unknown>[] = [];
  records: Record<string, unknown>[] = [];
  auditValid = true;
  automatic = 0;
  /** What the card account leaves open in other currencies. */
  foreign: { amount: string; currency: string }[] = [];
  documents = 0;
  entries = 0;
  readonly calls: { command: string; by: PersonName; input: Record<string, unknown> }[] = [];
  readonly #log: LoggedEvent[] = [];
  readonly #waiting = new Set<() => void>();

  /** Takes an approval request in, as when a document came. */
  addApproval(approval: SimulatedApproval, by: PersonName = 'ana'): SimulatedApproval {
    this.approvals.push(approval);
    this.documents += 1;
    this.record({
      command: 'submitDocument',
      by,
      subjectId: approval.id,
      before: null,
      after: { status: 'DRAFTED' },
    });
    this.tell('draftChanged', 'created', approval.draft);
    this.tell('approvalRequestChanged', 'requested', approval);
    return approval;
  }

  /** Takes a suggested match in, as when a statement came. */
  addMatch(match: SimulatedMatch): SimulatedMatch {
    match['lines'] = (match['lines'] as Record<string, unknown>[]).map((line) => this.bank.addLine(line));
    this.matches.push(match);
    this.tell('matchChanged', 'suggested', match);
    return match;
  }

  /** Whether the person may decide it, and if not, why. */
  blockedFor(approval: SimulatedApproval, viewer: PersonName): string | null {
    if (approval.submittedBy.id !== people[viewer].id) return null;
    return 'You submitted this document; somebody else must approve it.';
  }

  /** Decides an approval request at a version. */
  decideApproval(input: Record<string, unknown>, by: PersonName): Result {
    this.calls.push({ command: 'decideApproval', by, input });
    const approval = this.approvals.find(({ id }) => id === input['approvalRequestId']);
    if (!approval) return refusal('NOT_FOUND', 'There is no such approval request.', 'Load the list again.');
    const blocked = this.blockedFor(approval, by);
    if (blocked) return refusal('FOUR_EYES', blocked, 'Ask a colleague.');
    if (approval.status !== 'PENDING')
      return refusal('ALREADY_DECIDED', 'It has been decided.', 'Load it again.');
    if (approval.version !== input['version'])
      return refusal('VERSION_CONFLICT', 'It has changed.', 'Load it again.');
    const verdict = String(input['verdict']);
    const comment = (input['comment'] as string | undefined) ?? null;
    const decidedAt = new Date().toISOString();
    approval.decisions.push({ level: approval.level, verdict, comment, decidedAt, decidedBy: people[by] });
    approval.version += 1;
    const last = approval.level >= approval.levels;
    if (verdict === 'APPROVE' && !last) approval.level += 1;
    else this.#settle(approval, verdict === 'APPROVE' ? 'APPROVED' : 'REJECTED', decidedAt);
    this.record({
      command: 'decideApproval',
      by,
      subjectId: approval.id,
      before: { status: 'PENDING' },
      after: { status: approval.status, comment },
    });
    this.tell('approvalRequestChanged', approval.status.toLowerCase(), approval);
    return { approvalRequest: approval, errors: [] };
  }

  #settle(approval: SimulatedApproval, status: string, decidedAt: string): void {
    approval.status = status;
    approval.decidedAt = decidedAt;
    if (status !== 'APPROVED') return;
    this.entries += 1;
    const entry = { id: `je_${approval.id}`, number: `JE-2026-${String(this.entries).padStart(6, '0')}` };
    approval.draft.status = 'POSTED';
    approval.draft.journalEntry = entry;
    this.tell('journalEntryChanged', 'posted', entry);
    const connection = this.connections[0];
    if (!connection) return;
    connection['pushed'] = Number(connection['pushed']) + 1;
    connection['lastRun'] = runOf('SUCCEEDED', decidedAt);
    this.tell('syncRunChanged', 'succeeded', connection['lastRun']);
  }

  /** Accepts, declines or takes back a match. */
  decideMatch(command: string, input: Record<string, unknown>, by: PersonName): Result {
    this.calls.push({ command, by, input });
    const match = this.matches.find(({ id }) => id === input['matchId']);
    if (!match) return refusal('NOT_FOUND', 'There is no such match.', 'Load the list again.');
    const needed = command === 'undoMatch' ? 'ACCEPTED' : 'SUGGESTED';
    if (match.status !== needed) return refusal('STATE_CONFLICT', 'It has been decided.', 'Load it again.');
    match.status =
      { acceptMatch: 'ACCEPTED', declineMatch: 'DECLINED', undoMatch: 'UNDONE' }[command] ?? 'UNDONE';
    match.decidedAt = new Date().toISOString();
    match.decidedBy = people[by];
    this.record({
      command,
      by,
      subjectId: match.id,
      before: { status: needed },
      after: { status: match.status },
    });
    this.tell('matchChanged', match.status.toLowerCase(), match);
    return { match, errors: [] };
  }

  /** Takes a document in through the API. */
  submitDocument(input: Record<string, unknown>, by: PersonName): Result {
    this.calls.push({ command: 'submitDocument', by, input });
    const document = input['document'] as Record<string, string>;
    const total = document['total'] ?? '0.00';
    const tax = document['tax'] ?? '0.00';
    const lines = document['lines'] as unknown as { net: string; description: string }[];
    const approval = approvalOf({
      id: `apr_${this.approvals.length + 1}`,
      vendor: document['counterpartyName'] ?? 'Unknown',
      amount: total,
      tax,
      net: lines[0]?.net ?? total,
      number: document['number'] ?? '',
      description: lines[0]?.description ?? 'Receipt',
      account: ['6850', 'Other expenses'],
      confidence: '0.88',
      submittedBy: by,
      minutesAgo: 0,
      kind: 'RECEIPT',
    });
    this.addApproval(approval, by);
    return { document: approval.draft['document' as never], errors: [] };
  }

  /** Appends a record to the chain. */
  record({ command, by, subjectId, before, after }: Change): void {
    const previousHash = (this.records.at(-1)?.['hash'] as string | undefined) ?? null;
    const sequence = this.records.length + 1;
    const hash = createHash('sha256').update(`${previousHash}${sequence}${command}`).digest('hex');
    this.records.push({
      id: `au_${sequence}`,
      sequence,
      occurredAt: new Date().toISOString(),
      actorName: people[by].name,
      actorKind: 'member',
      command,
      subjectType: command.includes('Match') ? 'Match' : 'ApprovalRequest',
      subjectId,
      source: 'portal',
      before: before === null ? null : JSON.stringify(before),
      after: JSON.stringify(after),
      hash,
      previousHash,
    });
  }

  /** Publishes an event to whoever follows its topic. */
  tell(topic: string, change: string, value: unknown): void {
    const entity = entityOfTopic[topic] ?? topic;
    this.#log.push({ topic, cursor: `c${this.#log.length + 1}`, change, entity, value });
    for (const wake of this.#waiting) wake();
  }

  /** The cursor of the newest event. */
  get head(): string {
    return `c${this.#log.length}`;
  }

  /** The events of a topic behind a cursor and from then on, until the follower stops. */
  async *follow(topic: string, after: string | undefined): AsyncGenerator<Record<string, unknown>> {
    let next = after === undefined ? this.#log.length : Number(after.slice(1));
    for (;;) {
      for (; next < this.#log.length; next += 1) {
        const event = this.#log[next];
        if (event?.topic !== topic) continue;
        yield { [topic]: { cursor: event.cursor, change: event.change, [event.entity]: event.value } };
      }
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          this.#waiting.delete(wake);
          resolve();
        };
        this.#waiting.add(wake);
      });
    }
  }
}

/** A run of a connection that ended at an instant. */
export function runOf(
  status: string,
  finishedAt: string | null,
  problem: string | null = null,
): Record<string, unknown> {
  const done = status === 'SUCCEEDED' ? 1 : 0;
  return {
    id: `run_${status}`,
    status,
    total: 1,
    pushed: done,
    skipped: 0,
    failed: 1 - done,
    startedAt: finishedAt,
    finishedAt,
    problem,
  };
}

/** A connection in good order. */
export function connectionOf(id: string, name: string, pushed: number): Record<string, unknown> {
  return {
    id,
    kind: 'HLEDGER_JOURNAL',
    name,
    status: 'ACTIVE',
    target: `${id}.journal`,
    pending: 0,
    pushed,
    failed: 0,
    lastRun: runOf('SUCCEEDED', new Date(Date.now() - 12_000).toISOString()),
  };
}

const sampleSeeds: readonly ApprovalSeed[] = [
  {
    id: 'apr_1',
    vendor: 'Nordlicht Hosting',
    amount: '1284.50',
    tax: '205.09',
    net: '1079.41',
    number: 'NH-20418',
    description: 'Cloud servers, October',
    account: ['6330', 'Hosting and cloud'],
    minutesAgo: 130,
    rule: 'Hosting',
    levels: 2,
    file: { id: 'file_1', name: 'NH-20418.xml', mediaType: 'application/xml', url: '/files/file_1' },
  },
  {
    id: 'apr_2',
    vendor: 'Café Vela',
    amount: '342.80',
    tax: '54.73',
    net: '288.07',
    number: '8841',
    description: 'Team lunch, 9 people',
    account: ['6640', 'Meals'],
    confidence: '0.97',
    minutesAgo: 84,
    kind: 'RECEIPT',
  },
  {
    id: 'apr_3',
    vendor: 'Brightline Rail',
    amount: '418.00',
    tax: '66.74',
    net: '351.26',
    number: 'BR-77120',
    description: 'Hamburg to Zurich, return',
    account: ['6670', 'Travel'],
    confidence: '0.64',
    minutesAgo: 61,
    submittedBy: 'ravi',
  },
  {
    id: 'apr_4',
    vendor: 'Osito Software',
    amount: '2240.00',
    tax: '357.65',
    net: '1882.35',
    number: '2026-114',
    description: 'Design seats, one year',
    account: ['6837', 'Software'],
    confidence: '0.99',
    minutesAgo: 22,
    rule: 'SaaS',
    known: false,
    problems: [
      {
        code: 'FIELD_MISSING',
        message: 'No tax number was read.',
        remedy: 'Ask the vendor for it.',
        path: ['taxId'],
      },
    ],
  },
];

/** Books with a handful of things to decide. */
export function sampleBooks(): SimulatedBooks {
  const books = new SimulatedBooks();
  books.automatic = 61;
  books.documents = 409;
  books.entries = 396;
  for (const seed of sampleSeeds) books.addApproval(approvalOf(seed));
  books.addMatch(
    matchOf({ id: 'mt_1', payer: 'Paper & Co.', item: 'PC-5531', amount: '-76.15', minutesAgo: 48 }),
  );
  books.addMatch(
    matchOf({
      id: 'mt_2',
      payer: 'Studio Falk',
      item: 'SI-2026-031',
      amount: '1892.00',
      applied: '1900.00',
      difference: '-8.00',
      confidence: '0.71',
      minutesAgo: 40,
    }),
  );
  books.connections = [
    connectionOf('con_1', 'General ledger', 412),
    connectionOf('con_2', 'Archive journal', 97),
  ];
  return books;
}
