import type { Connection } from '../client/values.ts';

/** The latest audit records. */
export const latestAuditRecords = `query LatestAuditRecords($subject: ID) {
  auditRecords(first: 40, subjectId: $subject) {
    totalCount
    edges { node {
      id sequence occurredAt actorName actorKind command subjectType subjectId source before after hash previousHash
    } }
  }
}`;

/** Recomputes the chain of hashes over all records. */
export const auditVerification = `query AuditVerification {
  verifyAudit { valid records headHash firstBroken problem verifiedAt }
}`;

/** One sealed record: who did what to what, when and from where. */
export interface AuditRecord {
  readonly id: string;
  readonly sequence: number;
  readonly occurredAt: string;
  readonly actorName: string;
  readonly actorKind: string;
  readonly command: string;
  readonly subjectType: string;
  readonly subjectId: string;
  readonly source: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly hash: string;
  readonly previousHash: string | null;
}

/** Answer to `latestAuditRecords`. */
export interface LatestAuditRecords {
  readonly auditRecords: Connection<AuditRecord>;
}

/** Answer to `auditVerification`. */
export interface AuditVerification {
  readonly verifyAudit: {
    readonly valid: boolean;
    readonly records: number;
    readonly headHash: string | null;
    readonly firstBroken: number | null;
    readonly problem: string | null;
    readonly verifiedAt: string;
  };
}
