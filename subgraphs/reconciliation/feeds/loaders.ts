import { byId } from '#kernel/loaders';
import { BankFeedEntity, BankFeedFileEntity, BankFeedRunEntity } from './entities.ts';

export const feedById = byId(BankFeedEntity);
export const feedRunById = byId(BankFeedRunEntity);
export const feedFileById = byId(BankFeedFileEntity);
