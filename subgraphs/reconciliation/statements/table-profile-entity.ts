import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { CsvProfile } from '#connectors/ports';

/** How tables of a bank account are read. */
export const TableProfileEntity = defineEntity({
  name: 'TableProfile',
  tableName: 'table_profile',
  properties: {
    id: p.text().primary(),
    bankAccountId: p.text(),
    headings: p.array(),
    profile: p.json<CsvProfile>(),
    namedAt: p.datetime(),
    usedAt: p.datetime(),
  },
});
export type TableProfile = InferEntity<typeof TableProfileEntity>;
