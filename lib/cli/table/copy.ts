import { SINKS, SOURCES } from './endpoints';
import { LIMITS, RECORDS, RING, SHOWN } from './options';
import type { Command, Option } from './shape';

const CARRYING: readonly Option[] = [
  { name: 'rate-limit', short: 'L', value: 'RATE', help: 'so many bytes a second at most: 500K, 2M' },
  ...LIMITS,
  { name: 'hash', value: 'NAME', help: 'prints a hash of all bytes, as sha256sum does: sha256, sha1, md5, …' },
  { name: 'gzip', help: 'compresses what goes to the sinks' },
  { name: 'zstd', help: 'the same with zstd, where Node has it (22.15 and newer)' },
  RECORDS,
  ...RING,
  ...SHOWN,
];

export const COPY: Command = {
  name: 'copy',
  operands: 'SOURCE [SINK…]',
  completes: 'file',
  summary: 'carries any source to one or several sinks',
  about:
    'Carries what a source gives to every sink. The slowest sink sets the pace. When one of several fails, the others ' +
    'get all of it, and the exit code is 1.',
  lists: [SOURCES, SINKS],
  options: CARRYING,
  examples: [
    ['slipring copy disk.img /mnt/disk.img', 'copies a file'],
    ['slipring copy tty:/dev/ttyUSB0?baud=115200 serial.log -', 'records a serial line, and shows it'],
    ['slipring copy big.iso null: --hash sha256', 'hashes a file'],
  ],
};

export const CAT: Command = {
  name: 'cat',
  operands: '[SOURCE…]',
  completes: 'file',
  summary: 'carries sources, one after the other, to the standard output',
  about:
    'Writes what the sources give, one after the other, to the standard output. Without any it reads the standard input.',
  lists: [SOURCES],
  options: CARRYING,
  examples: [
    ['slipring cat a.log b.log', 'joins two files'],
    ['slipring cat fifo:/run/events?persistent', 'shows what comes through a FIFO'],
  ],
};
