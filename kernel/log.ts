import { pino, type DestinationStream, type Logger } from 'pino';

/** A structured logger; lines are JSON on standard error so that standard output stays the program's answer. */
export type Log = Logger;

/** API keys by their form, and JSON web tokens by theirs. */
const credentials = /\bcf_[0-9a-z]+_[\w-]{20,}|\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g;

/** Makes the process's logger. `name` tells processes apart. Credentials are taken out of every line, whatever holds them. */
export function createLog(
  level: string,
  name: string,
  destination: DestinationStream = pino.destination({ dest: 2, sync: false }),
): Log {
  return pino(
    { level, name, base: { name } },
    { write: (line) => destination.write(line.replace(credentials, '(credential)')) },
  );
}
