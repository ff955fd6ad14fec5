import { tableReader, type OpenTable, type TableSettings, type TableSource } from '#connectors/ports';
import type { ExecuteContext } from '#kernel/command';
import type { StoredFile } from '#kernel/files';

/** A stored file as the readers of tables take it. */
export async function openFile(
  {
    services,
    organisationId,
  }: { readonly services: ExecuteContext['services']; readonly organisationId: string },
  fileId: string,
  settings: TableSettings,
): Promise<{ stored: StoredFile; table: OpenTable }> {
  const stored = await services.files.describe(organisationId, fileId);
  const source: TableSource = {
    name: stored.name,
    size: stored.size,
    bytes: (from, to) => services.files.stream(organisationId, fileId, { from, to }),
  };
  return { stored, table: await services.port(tableReader).open(source, settings) };
}
