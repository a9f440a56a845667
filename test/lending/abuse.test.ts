/**
 * Everything at once, at random: every byte that arrives anywhere equals the pattern at its offset. A failure names its
 * seed; SLIPRING_ABUSE_SEED runs that one alone, SLIPRING_ABUSE_RUNS says how many there are otherwise.
 */
import { strict as assert } from 'node:assert';
import { stat } from 'node:fs/promises';
import { createPatternStream } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { descriptors, onLinux, threads } from '../helpers/process';
import { tries } from '../helpers/tries';
import { closed, until } from '../helpers/waiting';
import { Random } from '../lifecycle/helpers/random';
import { Peers } from './abuse/destinations';
import { forAwaitRun, slotsRun } from './abuse/looping';
import { MOST_CHUNKS, pipeRun, type Tally } from './abuse/piping';

const ONE = process.env.SLIPRING_ABUSE_SEED;
const RUNS = Number(process.env.SLIPRING_ABUSE_RUNS ?? tries(2000));
const LANES = 8;
const PATIENCE_MS = 60_000;

function lengthOf(slotSize: number, random: Random): number {
  const most = random.of([0, 1000, 100_000, 100_000, 400_000, 400_000, 4_000_000, Infinity]);
  return most === Infinity ? most : random.below(Math.min(most, MOST_CHUNKS * slotSize) + 1);
}

describe('random abuse', () => {
  const folder = temporaryFolder();
  const peers = new Peers();
  const tally: Tally = { lent: 0, owned: 0, whole: 0, broken: 0 };
  before(() => peers.open());
  after(() => peers.close());

  async function run(seed: number): Promise<void> {
    const random = new Random(Math.imul(seed + 1, 0x9e3779b1));
    const slotSize = 1024 * 2 ** random.below(9) - random.below(2);
    const stream = createPatternStream({
      seed,
      slots: 1 + random.below(8),
      slotSize,
      length: lengthOf(slotSize, random),
    });
    stream.on('error', () => undefined);
    const kind = random.below(10);
    if (kind === 0) await forAwaitRun(stream, seed, random);
    else if (kind < 3) await slotsRun(stream, seed, random);
    else await pipeRun(stream, seed, random, peers, folder.path(`${seed}`), tally);
    await closed(stream.destroyed ? stream : stream.destroy());
    await until(() => stream.stats().slotsLent === 0);
  }

  /** Runs it; what goes wrong, or nowhere, names the seed. */
  async function named(seed: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error('it did not come to its end')), PATIENCE_MS);
    });
    try {
      await Promise.race([run(seed), late]);
    } catch (error) {
      assert.fail(`SLIPRING_ABUSE_SEED=${seed}: ${(error as Error).stack ?? ''}`);
    } finally {
      clearTimeout(timer);
    }
  }

  it(`brings no byte to a wrong place in ${ONE ?? RUNS} runs`, async function () {
    this.timeout(600_000);
    if (ONE !== undefined) return named(Number(ONE));
    let seed = 0;
    const failures: unknown[] = [];
    const lane = async (): Promise<void> => {
      while (seed < RUNS && failures.length === 0) {
        await named(seed++).catch((error: unknown) => failures.push(error));
      }
    };
    await stat(__filename); // starts the threads that Node keeps
    await named(seed++);
    const before = onLinux ? [descriptors().length, threads().length] : [];
    await Promise.all(Array.from({ length: LANES }, lane));
    if (failures.length > 0) throw failures[0];
    if (RUNS >= 500)
      assert.ok(
        Object.values(tally).every((count) => count > RUNS / 20),
        JSON.stringify(tally),
      );
    if (onLinux)
      await until(() => descriptors().length <= (before[0] as number) && threads().length <= (before[1] as number));
  });
});
