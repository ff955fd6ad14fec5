import { platformActor } from '#kernel/actor';
import type { Config } from '#kernel/config';
import { localTokens } from '#kernel/tokens';

const longestHours = 24;

/** Prints a token of the installation's administrator, with which organisations are opened (`createOrganisation`). */
export async function printToken(config: Config, hours: string | undefined): Promise<void> {
  const lifetime = Number(hours ?? 1);
  if (!(lifetime > 0 && lifetime <= longestHours)) {
    throw new Error(
      `A token lives up to ${longestHours} hours: give --hours a number above 0 and up to that`,
    );
  }
  const issued = await localTokens(config.signingSecrets).issue(
    platformActor('administrator'),
    lifetime * 3600,
  );
  process.stdout.write(`${issued.token}\n`);
}
