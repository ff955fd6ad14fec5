import { byId, byParent } from '#kernel/loaders';
import { AuditRecordEntity } from './entities.ts';

export const recordById = byId(AuditRecordEntity);
export const recordsBySubject = byParent(AuditRecordEntity, 'subjectId', { sequence: 'asc' });
