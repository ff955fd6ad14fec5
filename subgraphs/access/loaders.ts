import { byId, byParent } from '#kernel/loaders';
import { ApiKeyEntity, BookEntity, MemberEntity, OrganisationEntity } from './entities.ts';

export const organisationById = byId(OrganisationEntity);
export const bookById = byId(BookEntity);
export const memberById = byId(MemberEntity);
export const apiKeyById = byId(ApiKeyEntity);
export const booksByOrganisation = byParent(BookEntity, 'organisationId', { id: 'asc' });
export const apiKeysByOrganisation = byParent(ApiKeyEntity, 'organisationId', { id: 'asc' });
