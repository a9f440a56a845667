/** The table of all commands. */
import { BUILD } from './build';
import { COMPLETION } from './completion';
import { CAT, COPY } from './copy';
import { BENCH, DOCTOR } from './inspect';
import { INIT_SOURCE } from './init-source';
import { LISTEN } from './listen';
import type { Command } from './shape';
import { TAIL } from './tail';
import { TOP } from './top';

export { type Command, HELP, type List, type Option } from './shape';

export const COMMANDS: readonly Command[] = [
  COPY,
  CAT,
  TAIL,
  LISTEN,
  TOP,
  BENCH,
  DOCTOR,
  BUILD,
  INIT_SOURCE,
  COMPLETION,
];

/** In the order of their numbers. */
export const EXIT_CODES: readonly (readonly [code: number, meaning: string])[] = [
  [0, 'all is done'],
  [1, 'something could not be done; one sentence says what'],
  [2, 'the command line makes no sense'],
  [3, 'done, but something was lost on the way, also when a signal stopped it'],
  [130, 'stopped by SIGINT; what had been read was written'],
  [141, 'the reader of the standard output went away'],
  [143, 'stopped by SIGTERM; what had been read was written'],
];
