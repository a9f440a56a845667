/** What the options of a command that carries say, as the parts below take it. */
import type { Hash } from 'node:crypto';

import type { Arguments } from '../arguments';
import type { Overflow } from '../../options';
import { recordFormatOf } from '../records';
import type { SourceOptions } from '../sources';

export function sourceOptionsOf(args: Arguments): SourceOptions {
  const options: SourceOptions = {};
  const slots = args.count('slots');
  const slotSize = args.size('slot-size');
  const overflow = args.text('overflow');
  const records = args.text('records');
  if (slots !== undefined) options.slots = slots;
  if (slotSize !== undefined) options.slotSize = slotSize;
  if (overflow !== undefined) options.overflow = overflow as Overflow;
  if (records === undefined) return options;
  const format = recordFormatOf(records);
  if (format !== undefined) return { ...options, records: format };
  const formats = 'lines, delimiter:TEXT, size:N, prefix:u8|u16le|u16be|u32le|u32be, slip or cobs';
  throw args.wrong(`--records takes ${formats}, and not "${records}".`);
}

export function hashOf(args: Arguments): Hash | undefined {
  const name = args.text('hash');
  if (name === undefined) return undefined;
  // Takes as long to load as a tenth of all else.
  const { createHash, getHashes } = process.getBuiltinModule('node:crypto');
  if (!getHashes().includes(name)) throw args.wrong(`--hash takes sha256, sha1, md5, …, and not "${name}".`);
  return createHash(name);
}

export function codecNameOf(args: Arguments): 'gzip' | 'zstd' | undefined {
  if (args.has('gzip') && args.has('zstd')) throw args.wrong('--gzip and --zstd contradict each other.');
  if (args.has('gzip')) return 'gzip';
  return args.has('zstd') ? 'zstd' : undefined;
}

/** Bytes a second. */
export function rateOf(args: Arguments): number | undefined {
  const rate = args.size('rate-limit');
  if (rate === 0) throw args.wrong('--rate-limit takes a rate above 0.');
  return rate;
}
