import type { Command, CommandResult, Transaction } from '#kernel/command';

/** Carries out another command as a part of this one, in its transaction; what it throws ends both. */
export async function within<Input, Result extends CommandResult>(
  transaction: Transaction,
  command: Command<Input, Result>,
  input: Input,
): Promise<Result> {
  const { actor, services } = transaction;
  const work = await command.execute(input, { actor, services });
  return work(transaction);
}
