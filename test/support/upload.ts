import type { Actor } from '#kernel/actor';
import type { Workbench } from './workbench.ts';

/** Stores a content as an uploaded file and answers its id. */
export async function upload(
  bench: Workbench,
  content: string | Uint8Array,
  { name = 'file', actor = bench.actor() }: { name?: string; actor?: Actor } = {},
): Promise<string> {
  const bytes = (async function* () {
    yield Buffer.from(content);
  })();
  const file = await bench.services.files.put(actor.organisationId, bytes, { name, mediaType: 'text/plain' });
  return file.id;
}
