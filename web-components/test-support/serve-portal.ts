import { resolve } from 'node:path';
import { SimulatedGateway } from './simulated-gateway.ts';

// For work on the looks: `npm run build && npm run portal`, with simulated books behind the page.
const gateway = new SimulatedGateway(resolve(import.meta.dirname, '../dist'));
const origin = await gateway.listen(4100);
process.stdout.write(`portal on ${origin}/portal/ with simulated books\n`);
