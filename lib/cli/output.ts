/** What a command says in its own words. What it carries goes to sinks. */
import { reasonOf } from './failure';

/** What a shell calls a program that SIGPIPE has ended. */
const LEFT = 141;
const FAILED = 1;

/** Says what is asked for, on the standard output. Who cannot be told ends the command: there is no other work for it. */
export function print(text: string): void {
  const { stdout } = process;
  if (stdout.listenerCount('error') === 0) stdout.on('error', leave);
  stdout.write(text);
}

/** Says how it goes, on the standard error. When nobody can hear it, the exit code still says how it went. */
export function tell(text: string): void {
  const { stderr } = process;
  if (stderr.listenerCount('error') === 0) stderr.on('error', () => undefined);
  stderr.write(text);
}

/** A sentence of the command's. */
export function tellSentence(sentence: string): void {
  tell(`slipring: ${sentence}\n`);
}

/** The reader that went away, as `head` does, is no trouble of ours. */
function leave(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(LEFT);
  tellSentence(`cannot write the standard output: ${reasonOf(error)}.`);
  process.exit(FAILED);
}
