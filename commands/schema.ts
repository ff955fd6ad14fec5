import { checkSchemas, writeSchemas } from '../gateway/graph/compose.ts';
import { checkOperations, writeOperations } from './component-operations.ts';
import { subgraphs } from './subgraphs.ts';
import { schemaFolder } from './gateway-parts.ts';

/** Writes the generated schemas and the manifest of the components' operations, or fails naming those that are out of date. */
export async function schema(options: { readonly check: boolean }): Promise<void> {
  if (!options.check) {
    const files = [...writeSchemas(schemaFolder, subgraphs), await writeOperations(schemaFolder)];
    process.stdout.write(`wrote ${files.join(', ')}\n`);
    return;
  }
  const differing = [...checkSchemas(schemaFolder, subgraphs), ...(await checkOperations(schemaFolder))];
  if (differing.length > 0) {
    throw new Error(`${differing.join(', ')} out of date: run "node main.ts schema" and commit the result`);
  }
  process.stdout.write('the generated schemas are up to date\n');
}
