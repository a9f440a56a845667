/** Options that several commands have. */
import type { Option } from './shape';

/** Of the ring. */
export const RING: readonly Option[] = [
  {
    name: 'overflow',
    value: 'POLICY',
    choices: ['block', 'drop-oldest', 'drop-newest', 'strict'],
    help: 'when a live source is too fast (default: block)',
  },
  { name: 'slots', value: 'N', help: 'how many buffers the background thread fills ahead' },
  { name: 'slot-size', value: 'SIZE', help: 'how large each is' },
];

export const RECORDS: Option = {
  name: 'records',
  value: 'FORMAT',
  help: 'lines, delimiter:TEXT, size:N, prefix:u8|u16le|u16be|u32le|u32be, slip or cobs: only whole ones pass',
};

export const DURATION: Option = { name: 'duration', value: 'TIME', help: 'stops after 500ms, 10s, 5m, 2h or 1d' };

const STATS: Option = {
  name: 'stats',
  value: 'json[=FILE]',
  help: 'writes an object with all figures every second, and at the end',
};

export const VIEW: Option = {
  name: 'view',
  value: 'HOST:PORT',
  isOptional: true,
  help: 'shows in a browser how it goes, and prints the address (default: 127.0.0.1, any free port)',
};

/** How it goes. */
export const SHOWN: readonly Option[] = [
  { name: 'progress', help: 'shows how it goes, also where the standard error is no terminal' },
  { name: 'quiet', short: 'q', help: 'does not show it' },
  STATS,
  VIEW,
];

/** When to stop. */
export const LIMITS: readonly Option[] = [
  { name: 'max-bytes', value: 'SIZE', help: 'stops after so many bytes' },
  DURATION,
];
