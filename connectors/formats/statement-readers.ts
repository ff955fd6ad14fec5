import type { StatementFormat } from '#connectors/ports';
import { aeb43 } from './aeb43.ts';
import { bai2 } from './bai2.ts';
import { camt053 } from './camt053.ts';
import { cfonb120 } from './cfonb120.ts';
import { cfonb240 } from './cfonb240.ts';
import { coda } from './coda.ts';
import { csvStatement } from './csv-statement.ts';
import { mt940 } from './mt940.ts';
import { ofx } from './ofx.ts';
import { qif } from './qif.ts';

/** The readers of bank statements that are text, in the order in which they are asked. */
export const statementFormats: readonly StatementFormat[] = [
  camt053,
  ofx,
  mt940,
  coda,
  cfonb120,
  cfonb240,
  aeb43,
  bai2,
  qif,
  csvStatement,
];
