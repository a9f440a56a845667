/** What tells how it is here. */
import { SOURCES } from './endpoints';
import type { Command } from './shape';

export const BENCH: Command = {
  name: 'bench',
  operands: 'SOURCE',
  completes: 'file',
  summary: 'measures how fast a source is read here, beside node:fs',
  about:
    'Reads the source several times, and prints the median in GB/s. A file is read in several ways, which take turns; it is ' +
    'in the page cache then. Other sources are read in one.',
  lists: [SOURCES],
  options: [
    { name: 'rounds', value: 'N', help: 'how many times each way reads it (default: 5)' },
    { name: 'max-bytes', value: 'SIZE', help: 'how much of it a round reads at most (default: 1G)' },
    { name: 'slots', value: 'N', help: 'how many buffers the background thread fills ahead' },
    { name: 'slot-size', value: 'SIZE', help: 'how large each is' },
  ],
  examples: [['slipring bench big.iso', 'compares the ways to read a file']],
};

export const DOCTOR: Command = {
  name: 'doctor',
  operands: '',
  completes: 'nothing',
  summary: "shows what slipring finds here: its binary, and the system's limits",
  about:
    'Says which native binary is used, or why none loads and what to do, and which limits of the system concern streams. ' +
    'The exit code is 1 when no binary loads.',
  options: [],
  examples: [['slipring doctor', 'for the first look, and for bug reports']],
};
