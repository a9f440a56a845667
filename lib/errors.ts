/**
 * Every error that slipring makes. The code is API and listed in docs/errors.md; the message may change at any time.
 * Codes that Node has are Node's, with Node's meaning.
 */
import { constants } from 'node:os';
import { getSystemErrorMap, inspect } from 'node:util';

/**
 * What a source failed with; `errno` is 0 when it has no such number, and negative when the trouble is with a plugin: see
 * addon/sources/plugin/table.h. `syscall` and `text` are empty when it gave none.
 */
export interface NativeFailure {
  /** It did not fail: its data met a full ring, which was not to happen. */
  overflowed: boolean;
  errno: number;
  syscall: string;
  text: string;
}

/** Sets a property that is not listed. */
function hide(error: Error, name: string, value: unknown): void {
  const descriptor = { value, enumerable: false, writable: true, configurable: true };
  Object.defineProperty(error, name, Object.assign(Object.create(null) as object, descriptor));
}

export function coded<E extends Error>(error: E, code: string): E & { code: string } {
  // As Node does: the stack's first line shows the code, the name stays that of the class.
  const { name } = error;
  error.name = `${name} [${code}]`;
  void error.stack;
  error.name = name;
  hide(error, 'name', name);
  return Object.assign(error, { code });
}

function subject(name: string): string {
  return name.includes('.') ? `property "${name}"` : `argument "${name}"`;
}

/** ERR_INVALID_ARG_TYPE: a value of the wrong type. `expected` completes "must be". */
export function invalidArgType(name: string, expected: string, value: unknown): TypeError {
  const received = inspect(value, { depth: -1 });
  const message = `The ${subject(name)} must be ${expected}. Received ${typeof value} ${received}`;
  return coded(new TypeError(message), 'ERR_INVALID_ARG_TYPE');
}

/** ERR_INVALID_ARG_VALUE: a value of the right type that means nothing here. */
export function invalidArgValue(name: string, reason: string, value: unknown): TypeError {
  const message = `The ${subject(name)} ${reason}. Received ${inspect(value)}`;
  return coded(new TypeError(message), 'ERR_INVALID_ARG_VALUE');
}

/** ERR_INVALID_ARG_VALUE: JSON cannot express the value; `cause` is what JSON.stringify() threw, if it did. */
export function notJson(name: string, value: unknown, cause?: unknown): TypeError {
  const error = invalidArgValue(name, 'must be a value that JSON can express', value);
  if (cause !== undefined) hide(error, 'cause', cause);
  return error;
}

/** ERR_OUT_OF_RANGE: a number outside the range that makes sense. `range` completes "It must be". */
export function outOfRange(name: string, range: string, value: unknown): RangeError {
  const message = `The value of "${name}" is out of range. It must be ${range}. Received ${inspect(value)}`;
  return coded(new RangeError(message), 'ERR_OUT_OF_RANGE');
}

/** ERR_MEMORY_ALLOCATION_FAILED: the system, or the runtime, gives no more. `cause` is what it threw. */
export function noMemory(bytes: number, cause: unknown): RangeError {
  const message = `No memory for ${bytes} bytes. Ask for fewer or smaller slots, or for fewer streams at a time`;
  return coded(new RangeError(message, { cause }), 'ERR_MEMORY_ALLOCATION_FAILED');
}

/** ERR_SLIPRING_NATIVE_MISSING: no native binary could be loaded. `reason`: which, why, and what to do. */
export function nativeMissing(reason: string, cause?: unknown): Error {
  return coded(new Error(reason, cause === undefined ? {} : { cause }), 'ERR_SLIPRING_NATIVE_MISSING');
}

/**
 * libuv's number and words for an errno of the C runtime's. Its numbers are the negated ones, but on Windows they are its
 * own.
 */
function describeErrno(errno: number): [number: number, code: string, description: string] {
  const known = getSystemErrorMap();
  const same = known.get(-errno);
  if (same) return [-errno, ...same];
  const name = Object.entries(constants.errno).find(([, number]) => number === errno)?.[0];
  const entry = [...known].find(([, [code]]) => code === name);
  return entry ? [entry[0], ...entry[1]] : [-errno, name ?? `E${errno}`, 'unknown error'];
}

/** An error of the operating system, with `code`, `errno`, `syscall` and `path` as `node:fs` sets them. */
function systemError(number: number, syscall: string, path?: string | Buffer, words = ''): Error {
  const [errno, code, description] = describeErrno(number);
  // A string, also for a path that was given as a Buffer.
  const text = path?.toString();
  const where = text === undefined ? '' : ` '${text}'`;
  const call = syscall === '' ? '' : `, ${syscall}${where}`;
  const error = new Error(`${code}: ${description}${call}${words === '' ? '' : `: ${words}`}`);
  return Object.assign(error, { errno, code }, syscall !== '' && { syscall }, text !== undefined && { path: text });
}

/** Node's names for the scopes of its permission model, and the options that permit them. */
const SCOPES = {
  'fs.read': ['FileSystemRead', '--allow-fs-read'],
  'fs.write': ['FileSystemWrite', '--allow-fs-write'],
  net: ['Net', '--allow-net'],
} as const;

/** ERR_ACCESS_DENIED: Node's permission model does not permit it. */
export function accessDenied(scope: keyof typeof SCOPES, resource: string): Error {
  const [permission, flag] = SCOPES[scope];
  const message = `Node's permission model denies access to '${resource}'. To permit it, start Node with ${flag}`;
  return Object.assign(coded(new Error(message), 'ERR_ACCESS_DENIED'), { permission, resource });
}

/** ERR_SLIPRING_OVERFLOW: `overflow` is 'strict', and data was lost, here or before. */
function overflowed(): Error {
  const message =
    "All slots were full when more data came, or it was lost before it came here, and overflow is 'strict'. " +
    "Read faster, ask for more or larger slots, or choose another overflow: 'block', 'drop-oldest' or 'drop-newest'";
  return coded(new Error(message), 'ERR_SLIPRING_OVERFLOW');
}

/** ERR_SLIPRING_OVERFLOW of a file that is followed: `overflow` is 'strict', and something was lost. */
export function filesLost(path: string | Buffer | undefined): Error {
  const which = path === undefined ? 'the file' : `'${path.toString()}'`;
  const message =
    `A file that came to ${which} was gone before it could be opened, or bytes were cut off before they were read, ` +
    "and overflow is 'strict'";
  return coded(new Error(message), 'ERR_SLIPRING_OVERFLOW');
}

/** An error of the operating system about an address, as `node:dgram` has them. */
export function addressFailed({ errno: number, syscall }: NativeFailure, address: string, port: number): Error {
  const [errno, code] = describeErrno(number);
  const where = port === 0 ? address : `${address}:${port}`;
  const error = new Error(`${syscall} ${code} ${where}`);
  return Object.assign(error, { errno, code, syscall, address }, port === 0 ? {} : { port });
}

/** ERR_SOCKET_DGRAM_NOT_RUNNING: a socket was asked for its address, and has none yet or any more. */
export function notRunning(): Error {
  return coded(new Error('Not running'), 'ERR_SOCKET_DGRAM_NOT_RUNNING');
}

/** ERR_FEATURE_UNAVAILABLE_ON_PLATFORM */
export function unavailable(feature: string): TypeError {
  const message = `${feature} is unavailable on the current platform, which is being used to run Node.js`;
  return coded(new TypeError(message), 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM');
}

/** A system error without a source's failure behind it. */
export function systemFailed(errno: number, syscall: string): Error {
  return systemError(errno, syscall);
}

/** What is wrong with a plugin, by the numbers of addon/sources/plugin/table.h: the code, and how its message begins. */
const PLUGIN_FAULTS: Record<number, [code: string, message: string]> = {
  [-1]: ['ERR_SLIPRING_PLUGIN_LOAD', 'The library cannot be loaded'],
  [-2]: ['ERR_SLIPRING_PLUGIN_SYMBOL', 'The library is no plugin'],
  [-3]: ['ERR_SLIPRING_PLUGIN_ABI', 'The plugin is for another version of slipring'],
  [-4]: ['ERR_SLIPRING_PLUGIN_TABLE', "The plugin's table is not complete"],
  [-5]: ['ERR_SLIPRING_PLUGIN_RESULT', 'The plugin broke the rules of slipring/source.h'],
};

/** What is wrong with a record, by the numbers of addon/core/framing/framing.h; the text is where it begins. */
const RECORD_FAULTS: Record<number, [code: string, message: string]> = {
  [-101]: [
    'ERR_SLIPRING_RECORD_TOO_LONG',
    'is longer than maxRecordSize, or its prefix makes no sense. Ask for a larger maxRecordSize; lines, and what a delimiter ends, ' +
      "may also be 'split' or 'truncate'd: see longRecords",
  ],
  [-102]: ['ERR_SLIPRING_RECORD_INCOMPLETE', 'has no end: the source ended in the middle of it'],
};

function recordFailed([code, message]: [string, string], position: number): Error {
  const error = new Error(`The record that begins after ${position} bytes ${message}`);
  return Object.assign(coded(error, code), { position });
}

/** ERR_SLIPRING_NO_RECORDS: batches() of a stream that was not asked to part its bytes into records. */
export function noRecords(): Error {
  const message = "The stream has no records: make it with the option records, such as { records: 'lines' }";
  return coded(new Error(message), 'ERR_SLIPRING_NO_RECORDS');
}

/** The number of a failure of addon/sources/resume_point.h, which says why in its text. */
export const RESUME_LOST = -201;

const RESUME_FAULTS: Record<string, string> = {
  gone: 'is gone: it was deleted, or moved to another folder',
  cut: 'was cut since, or filled anew',
  compressed: 'is gone, and something beside it was compressed since',
  'no file': 'is none any more: what is at the path cannot be read at an offset',
};

/** ERR_SLIPRING_RESUME: a stream was to go on in a file that is lost. */
export function resumeLost(reason: string, position: unknown, path: string | Buffer | undefined): Error {
  const which = path === undefined ? '' : ` at '${path.toString()}'`;
  const message = `The file that was read${which} ${RESUME_FAULTS[reason] ?? reason}. Begin anew without resume`;
  return Object.assign(coded(new Error(message), 'ERR_SLIPRING_RESUME'), { reason, position });
}

/**
 * What a source failed with: a system error; ERR_SLIPRING_OVERFLOW; ERR_SLIPRING_RECORD_…, with where it begins as `position`; ERR_SLIPRING_PLUGIN_…, when the trouble is with a plugin
 * itself; or ERR_SLIPRING_SOURCE with the source's own words.
 */
export function sourceFailed(failure: NativeFailure, path?: string | Buffer): Error {
  const { overflowed: hasOverflowed, errno, syscall, text } = failure;
  if (hasOverflowed) return overflowed();
  if (errno > 0) return systemError(errno, syscall, path, text);
  const recordFault = RECORD_FAULTS[errno];
  if (recordFault) return recordFailed(recordFault, Number(text));
  const fault = PLUGIN_FAULTS[errno];
  if (fault) {
    const where = path === undefined ? '' : ` ('${path.toString()}')`;
    const error = coded(new Error(`${fault[1]}: ${text}${where}`), fault[0]);
    return Object.assign(error, path !== undefined && { path: path.toString() });
  }
  const error = coded(new Error(text || 'The source failed without saying why'), 'ERR_SLIPRING_SOURCE');
  return Object.assign(error, syscall !== '' && { syscall });
}

/** ERR_SLIPRING_STUCK: a system call has not returned, although nobody waits for it any more. */
export function sourceStuck(patience: number): Error {
  const message =
    `The system has not answered within ${patience} ms after the stream was to be closed, as when a file system's server is gone. ` +
    'The thread that waits was given up, with its memory and its descriptor: it ends when there is an answer';
  return coded(new Error(message), 'ERR_SLIPRING_STUCK');
}

/** ERR_SLIPRING_PLUGIN_STUCK: what a plugin was called for did not return, although it was cancelled. */
export function pluginStuck(patience: number): Error {
  const message =
    `The plugin has not returned within ${patience} ms after it was cancelled. ` +
    'Its thread was given up: it goes on, and keeps what memory it has. A plugin has to return when it is cancelled';
  return coded(new Error(message), 'ERR_SLIPRING_PLUGIN_STUCK');
}

/** ERR_SLIPRING_BUSY: one that reads the stream needs it alone, and there is another. */
export function streamBusy(): Error {
  const message =
    'The stream is being read already. slots(), lines(), batches() and toWeb() need it alone: call one of them first, and once';
  return coded(new Error(message), 'ERR_SLIPRING_BUSY');
}

/** ERR_SLIPRING_BUSY: the thread that is to find lines has begun to read bytes. */
export function busyWithBytes(): Error {
  const message =
    "The stream's thread has begun to read. Call lines() right after the stream was made, before anything is awaited, or make it " +
    "with { records: 'lines' }";
  return coded(new Error(message), 'ERR_SLIPRING_BUSY');
}

/** ERR_STREAM_PREMATURE_CLOSE: the stream was destroyed while a loop waited for its next slot. */
export function prematureClose(): Error {
  return coded(new Error('Premature close'), 'ERR_STREAM_PREMATURE_CLOSE');
}

/** ABORT_ERR, as Node has it: nobody wants the stream any more. `cause` is what told so, if anything did. */
export function aborted(cause?: unknown): Error {
  const error = coded(new Error('The operation was aborted', cause === undefined ? {} : { cause }), 'ABORT_ERR');
  hide(error, 'name', 'AbortError');
  return error;
}

/** Throws where nobody can catch it: what a listener threw is the application's, whoever called the listener. */
export function throwLater(error: unknown): void {
  process.nextTick(() => {
    throw error;
  });
}
