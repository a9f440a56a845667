/** How a command fails: with a message for a person, and an exit code for a script. */
import { getSystemErrorMap } from 'node:util';

export class Failure extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** The command line makes no sense; `command --help` says what would. */
export function usage(message: string, command: string): Failure {
  return new Failure(`${message}\nSee: ${command} --help`, 2);
}

/** Why something failed, for a person: `no space left on device (ENOSPC)`. */
export function reasonOf(error: unknown): string {
  const { errno, message } = error as NodeJS.ErrnoException;
  const [code, words] = (errno === undefined ? undefined : getSystemErrorMap().get(errno)) ?? [];
  return code === undefined ? message : `${words} (${code})`;
}
