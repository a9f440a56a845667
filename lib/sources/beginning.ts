/** Where reading a file begins: at an offset, at its end, before its last lines, or where somebody has left off. */
import { invalidArgType, invalidArgValue, outOfRange } from '../errors';
import { copyOf, validateBoolean, validateInteger } from '../options';
import { CHECKED, type Position, type SourceOptions } from '../ring';

/** What the options say of it. */
export interface BeginningOptions {
  /**
   * Offset of the first byte to read, in bytes. By default the file is read from its current position. With `follow` also
   * `'end'`: only what comes from now on.
   */
  start?: number | 'end' | undefined;
  /**
   * With `follow`: begins with so many of the last lines of the file, as `tail -n` does; 0 is `start: 'end'`. A file that is shorter
   * is read whole.
   * @defaultValue undefined: where `start` says
   */
  lines?: number | undefined;
  /**
   * Reads on at a position: a slot's or batch's `end`, also one that was kept as JSON. With `follow` the file is looked for in its folder,
   * whatever its name is by now, and then come those that followed it. Without, it has to be the one at the path. `start` and
   * `lines` are for when there is none. See docs/follow.md.
   * @defaultValue undefined, and so is `null`: reading begins anew
   */
  resume?: Position | null | undefined;
  /**
   * What happens when that file is gone, was cut or compressed: with `follow` a `'gap'` event, and the oldest file that surely came later; or
   * `'error'`: ERR_SLIPRING_RESUME, as without `follow`.
   * @defaultValue 'gap'
   */
  onLost?: 'gap' | 'error' | undefined;
  /**
   * With `follow`: the path, and its folder, need not be there yet.
   * @defaultValue false: ENOENT
   */
  waitForFile?: boolean | undefined;
}

/** `BeginningOptions` after the checks. */
export interface Beginning {
  start: number | undefined;
  resume: Position | undefined;
  /** What native code is told, but for `start`. */
  options: SourceOptions;
}

/** As in addon/sources/file_id.h. */
const FILE = /^[\da-f]{1,16}(-[\da-f]{1,16}){3}$/;

/** In milliseconds: the last that Date knows. */
const LATEST = 8.64e15;

/** What was kept of a position. @throws ERR_INVALID_ARG_… for anything else */
export function resolvePosition(given: unknown): Position | undefined {
  if (given === undefined || given === null) return undefined;
  if (typeof given !== 'object') throw invalidArgType('options.resume', 'a position, as slot.end', given);
  const { file, offset, check, modified = 0 } = copyOf(given) as Record<keyof Position, unknown>;
  if (typeof file !== 'string') throw invalidArgType('options.resume.file', 'of type string', file);
  if (!FILE.test(file)) throw invalidArgValue('options.resume.file', 'must be that of a position', file);
  const at = validateInteger(offset, 'options.resume.offset', 0);
  if (typeof modified !== 'number') throw invalidArgType('options.resume.modified', 'of type number', modified);
  if (!(modified >= 0 && modified < LATEST)) throw outOfRange('options.resume.modified', 'a time', modified);
  if (check === undefined) return { file, offset: at, modified };
  const most = (Math.min(CHECKED.bytes, at) + 1) * CHECKED.unit - 1;
  return { file, offset: at, modified, check: validateInteger(check, 'options.resume.check', 0, most) };
}

function refuse(name: string, value: unknown, why: string): never {
  throw invalidArgValue(`options.${name}`, why, value);
}

/** `hasPath`: the file is not given as a descriptor. */
export function resolveBeginning(given: BeginningOptions, follow: boolean, hasPath: boolean, end: number): Beginning {
  const { start, lines, onLost = 'gap', waitForFile = false } = given;
  const resume = resolvePosition(given.resume);
  validateBoolean(waitForFile, 'options.waitForFile');
  if (start !== undefined && start !== 'end') validateInteger(start, 'start', 0);
  if (lines !== undefined) validateInteger(lines, 'options.lines', 0);
  if (onLost !== 'gap' && onLost !== 'error') refuse('onLost', onLost, "must be 'gap' or 'error'");
  if (!follow && start === 'end') refuse('start', start, 'is for a file that is followed');
  if (!follow && lines !== undefined) refuse('lines', lines, 'is for a file that is followed');
  if (waitForFile && !(follow && hasPath)) refuse('waitForFile', true, 'is for a path that is followed');
  if (resume && !hasPath) refuse('resume', given.resume, 'is for a path, and not for a descriptor');
  if (typeof start === 'number' && lines !== undefined) refuse('lines', lines, 'means nothing with a start');
  const fromEnd = !resume && (start === 'end' || lines !== undefined);
  if (fromEnd && end !== Infinity) refuse('end', end, 'means nothing at the end of a file');
  const first = resume ? resume.offset : start === 'end' ? undefined : start;
  if (first !== undefined && first > end) throw outOfRange('start', `<= "end" (here: ${end})`, first);
  const options: SourceOptions = {};
  if (fromEnd) options.lines = lines ?? 0;
  if (waitForFile) options.wait = 1;
  if (resume) Object.assign(options, nativeOf(resume), { on_lost: onLost === 'error' ? 1 : 0 });
  return { start: first, resume, options };
}

/** As addon/sources/resume_point.h has it. */
function nativeOf({ file, check = 0, modified = 0 }: Position): SourceOptions {
  return {
    resume: Buffer.from(file),
    check_length: Math.floor(check / CHECKED.unit),
    check: check % CHECKED.unit,
    modified: Math.floor(modified * 1000),
  };
}
