/** The `flags` and `mode` of `node:fs`, as the numbers that open(2) takes. */
import { constants } from 'node:fs';

import { invalidArgType, invalidArgValue } from '../errors';
import { validateInteger } from '../options';

const { O_RDONLY, O_RDWR, O_WRONLY, O_SYNC, O_TRUNC, O_CREAT, O_EXCL, O_APPEND } = constants;

const WRITE = O_TRUNC | O_CREAT | O_WRONLY;
const WRITE_READ = O_TRUNC | O_CREAT | O_RDWR;
const APPEND = O_APPEND | O_CREAT | O_WRONLY;
const APPEND_READ = O_APPEND | O_CREAT | O_RDWR;

const FLAGS: Readonly<Record<string, number>> = {
  r: O_RDONLY,
  rs: O_RDONLY | O_SYNC,
  sr: O_RDONLY | O_SYNC,
  'r+': O_RDWR,
  'rs+': O_RDWR | O_SYNC,
  'sr+': O_RDWR | O_SYNC,
  w: WRITE,
  wx: WRITE | O_EXCL,
  xw: WRITE | O_EXCL,
  'w+': WRITE_READ,
  'wx+': WRITE_READ | O_EXCL,
  'xw+': WRITE_READ | O_EXCL,
  a: APPEND,
  ax: APPEND | O_EXCL,
  xa: APPEND | O_EXCL,
  as: APPEND | O_SYNC,
  sa: APPEND | O_SYNC,
  'a+': APPEND_READ,
  'ax+': APPEND_READ | O_EXCL,
  'xa+': APPEND_READ | O_EXCL,
  'as+': APPEND_READ | O_SYNC,
  'sa+': APPEND_READ | O_SYNC,
};

export function parseFlags(flags: unknown): number {
  if (typeof flags === 'number') return validateInteger(flags, 'options.flags', -(2 ** 31), 2 ** 31 - 1);
  if (typeof flags !== 'string') throw invalidArgType('options.flags', 'of type string or number', flags);
  const known = Object.hasOwn(FLAGS, flags) ? FLAGS[flags] : undefined;
  if (known === undefined) throw invalidArgValue('options.flags', 'must be flags as fs.open() takes them', flags);
  return known;
}

/** Whether opening a file with these flags, or what it is opened for, changes it. */
export function mayWrite(flags: number): boolean {
  return (flags & (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_APPEND)) !== 0;
}

export function parseMode(mode: unknown): number {
  if (typeof mode !== 'string') return validateInteger(mode, 'options.mode', 0, 2 ** 32 - 1);
  if (!/^[0-7]+$/.test(mode)) throw invalidArgValue('options.mode', 'must be an octal number', mode);
  return validateInteger(Number.parseInt(mode, 8), 'options.mode', 0, 2 ** 32 - 1);
}
