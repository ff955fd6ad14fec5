import { byId, byParent } from '#kernel/loaders';
import { DocumentEntity, DocumentLineEntity, FileEntity } from './entities.ts';

/** Documents by id. */
export const documentById = byId(DocumentEntity);
/** Files by id. */
export const fileById = byId(FileEntity);
/** The lines of documents, in order. */
export const linesByDocument = byParent(DocumentLineEntity, 'documentId', { position: 'asc' });
