import type { Actor } from '#kernel/actor';
import type { Command, CommandResult } from '#kernel/command';
import type { CommandCall, CommandDoor, CommandOutcome } from '#kernel/command-door';

/** A door for writes at which a default actor calls unless another is named. */
export interface TestDoor {
  run<Input, Result extends CommandResult>(
    command: Command<Input, Result>,
    input: unknown,
    call?: Partial<CommandCall>,
  ): Promise<CommandOutcome<Result>>;
}

/** Gives a door its default actor. */
export function testDoor(door: CommandDoor, actor: Actor): TestDoor {
  return {
    run: (command, input, call) => door.run(command, input, { ...call, actor: call?.actor ?? actor }),
  };
}
