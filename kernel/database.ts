import pg from 'pg';
import { GatheringSocket } from '#kernel/gathering-socket';
import { subgraphNames, type SubgraphName } from '#kernel/config';
import { deriveKey, mac } from '#kernel/secrets';

/** What a database role is for; every role may only do that. */
export type RoleName = SubgraphName | 'relay' | 'jobs' | 'gateway';

/** All roles that `migrate` makes. */
export const roleNames: readonly RoleName[] = [...subgraphNames, 'relay', 'jobs', 'gateway'];

/** One database as the operator gave it: the URL of its owner, and the secret from which role passwords come. */
export interface Database {
  readonly ownerUrl: string;
  readonly secret: string;
}

/** The login name of a role. */
export function roleLogin(role: RoleName): string {
  return `crossfoot_${role}`;
}

/** The password of a role, derived, so that no file lists passwords. */
export function rolePassword(database: Database, role: RoleName): string {
  return mac(deriveKey(database.secret, 'database-role'), role);
}

/** The connection URL of a role. */
export function roleUrl(database: Database, role: RoleName): string {
  const url = new URL(database.ownerUrl);
  url.username = roleLogin(role);
  url.password = rolePassword(database, role);
  return url.toString();
}

const int8 = 20;
const dateType = 1082;

/** Amounts come as bigint, days as YYYY-MM-DD text; everything else as `pg` reads it. */
const types: pg.CustomTypesConfig = {
  getTypeParser(oid, format) {
    if (format !== 'binary' && oid === int8) return BigInt;
    if (format !== 'binary' && oid === dateType) return (text: string) => text;
    return pg.types.getTypeParser(oid, format);
  },
};

/** A pool of pipelined connections of one role. */
export function createPool(database: Database, role: RoleName, size: number): pg.Pool {
  const pool = new pg.Pool({
    connectionString: roleUrl(database, role),
    max: size,
    types,
    application_name: roleLogin(role),
    pipeline: true,
    stream: () => new GatheringSocket(),
    idleTimeoutMillis: 30_000,
    statement_timeout: 60_000,
    idle_in_transaction_session_timeout: 60_000,
  } as pg.PoolConfig);
  // An idle connection that breaks is replaced at the next use; without a listener it would end the process.
  pool.on('error', () => undefined);
  // One that breaks while in use fails its queries; it also tells of it beside them, which nobody else listens to.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}
