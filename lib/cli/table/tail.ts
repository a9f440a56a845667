import { DURATION, VIEW } from './options';
import type { Command } from './shape';

export const TAIL: Command = {
  name: 'tail',
  operands: 'FILE…',
  completes: 'file',
  summary: 'follows files over rotations, and loses no line of them',
  about:
    'Prints the last lines of files, and what is appended to them. When another file comes to a path, by a rotation or ' +
    'twenty, it goes on with that once the old one is read to its end. With several files, headers say whose lines follow. ' +
    'Ends with SIGINT.',
  options: [
    { name: 'lines', short: 'n', value: 'N', help: 'begins with the last N lines (default: 10)' },
    { name: 'from', value: 'PLACE', choices: ['start', 'end'], help: 'begins there instead' },
    { name: 'follow', short: 'F', help: 'what it does anyway; for fingers that are used to it' },
    { name: 'retry', help: 'waits for files that are not there yet, and for their folders' },
    { name: 'resume', value: 'STATE', help: 'goes on where it was stopped, which it keeps in the file STATE' },
    { name: 'quiet', short: 'q', help: 'prints no headers' },
    DURATION,
    VIEW,
  ],
  examples: [
    ['slipring tail /var/log/app.log', 'follows a log'],
    ['slipring tail --retry --from start a.log b.log', 'everything of two logs, which need not be there yet'],
    ['slipring tail --resume app.state app.log | ship', 'after a restart it goes on behind the last line it wrote'],
  ],
};
