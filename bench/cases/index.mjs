/**
 * All cases, in the order of the tables. A case is what its module exports:
 *
 *   name, title   how it is called on the command line and in the tables
 *   columns       the metrics to print (lib/metrics.mjs); the first is the one that is compared
 *   contenders    ({ size, sweep }) => the contenders: every module of a reader is loaded before the clock starts
 *   size          (size) => how many bytes are to be moved, when not all
 *   endless       the contenders do not say, or choose, how many bytes they move
 *   noInput       no input file is needed
 *   receiver      'tcp' or 'unix': what the contenders send to
 *
 * A contender has a name, a role ('fs default', 'fs', 'slipring', 'sweep', 'native', 'tool', 'other' or 'idle'), a group
 * within which it is compared, and either `command`, see lib/tools.mjs, or `run`: (context) => { bytes, … }, in a process
 * of its own; what `prepare` did before is in `context.prepared`.
 */
import count from './count.mjs';
import eventLoopDelay from './event-loop-delay.mjs';
import file from './file.mjs';
import firstByte from './first-byte.mjs';
import gzip from './gzip.mjs';
import memory from './memory.mjs';
import pattern from './pattern.mjs';
import sha256 from './sha256.mjs';
import smallSlots from './small-slots.mjs';
import tcp from './tcp.mjs';
import unix from './unix.mjs';

export const cases = [count, file, tcp, unix, sha256, gzip, pattern, smallSlots, firstByte, eventLoopDelay, memory];
