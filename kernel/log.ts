import { pino, type Logger } from 'pino';

/** A structured logger; lines are JSON on standard error so that standard output stays the program's answer. */
export type Log = Logger;

/** Makes the process's logger. `name` tells processes apart. */
export function createLog(level: string, name: string): Log {
  return pino({ level, name, base: { name } }, pino.destination({ dest: 2, sync: false }));
}
