import { byId } from '#kernel/loaders';
import { MappingRuleEntity } from './entities.ts';

/** Mapping rules by id. */
export const mappingRuleById = byId(MappingRuleEntity);
