/** Which errors may come: those of docs/errors.md, Node's own for what was done to a stream, and the fuzzer's. */
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';

/** What the fuzzer throws, passes to destroy(), and lets listeners, getters and destinations throw. */
export class OnPurpose extends Error {}

const page = readFileSync(path.join(__dirname, '..', '..', '..', '..', 'docs', 'errors.md'), 'utf8');
const documented = new Map(
  [...page.matchAll(/^\| `([A-Z_]+)` +\| `(\w+)`/gm)].map(([, code, name]) => [code, name as string]),
);

/** What Node says of a FileHandle beside its own `fs` option. */
const NODES = new Set(['ERR_METHOD_NOT_IMPLEMENTED']);

/** Node's, when push() and unshift() are called from outside, and when a stream is waited for that was closed. */
const OF_MISUSE = new Set([
  'ERR_STREAM_PUSH_AFTER_EOF',
  'ERR_STREAM_UNSHIFT_AFTER_END_EVENT',
  'ERR_STREAM_UNABLE_TO_PIPE',
  'ERR_STREAM_ALREADY_FINISHED',
  'ERR_STREAM_CANNOT_PIPE',
  'ERR_STREAM_DESTROYED',
  'ERR_STREAM_NULL_VALUES',
  'ERR_INVALID_STATE',
]);

function isOfSystem({ code, errno, syscall }: NodeJS.ErrnoException): boolean {
  return code !== undefined && code in constants.errno && typeof errno === 'number' && typeof syscall === 'string';
}

/** Whether the error may come from what has only its own arguments to be wrong. */
export function isDocumented(error: unknown): boolean {
  if (error instanceof OnPurpose) return true;
  if (!(error instanceof Error)) return false;
  const { code, name } = error as NodeJS.ErrnoException;
  if (code === undefined) return false;
  return documented.has(code) ? documented.get(code) === name : NODES.has(code) || isOfSystem(error);
}

/** Whether the error may come from a method of a stream, or be its 'error'. */
export function mayComeFromStream(error: unknown): boolean {
  return isDocumented(error) || OF_MISUSE.has((error as NodeJS.ErrnoException | null)?.code ?? '');
}

export function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? String(error)) : String(error);
}
