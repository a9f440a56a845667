/** What rarely happens to a stream, the last of it. A second in which it happens often takes no more room than another one. */
import type { Gap, Rotation, Stats } from '../ring';
import type { Happening, ViewedStream } from './snapshot';

const KEPT = 20;
/** What comes this soon after another of its kind is added to it. */
const TOGETHER_MS = 1000;

type Of<Kind> = Extract<Happening, { kind: Kind }>;
type Facts<One> = One extends Happening ? Omit<One, 'time' | 'times'> : never;

export class Happenings {
  readonly #list: Happening[] = [];
  readonly counts: ViewedStream['counts'] = { gaps: 0, stalls: 0, rotations: 0 };

  get list(): readonly Happening[] {
    return this.#list;
  }

  gap({ sequence, droppedChunks, droppedBytes, files = 0 }: Gap): void {
    this.counts.gaps++;
    const last = this.#recent('gap');
    if (!last) {
      this.#add({ kind: 'gap', sequence, chunks: droppedChunks ?? null, bytes: droppedBytes, files });
      return;
    }
    last.times++;
    last.chunks = last.chunks === null || droppedChunks === undefined ? null : last.chunks + droppedChunks;
    last.bytes += droppedBytes;
    last.files += files;
  }

  stall(duration: number, { slotsReady, slotsLent }: Stats): void {
    this.counts.stalls++;
    this.#add({ kind: 'stall', duration, ready: slotsReady, lent: slotsLent });
  }

  rotation({ from }: Rotation): void {
    this.counts.rotations++;
    const last = this.#recent('rotation');
    if (!last) this.#add({ kind: 'rotation', offset: from.offset });
    else Object.assign(last, { times: last.times + 1, offset: from.offset });
  }

  #recent<Kind extends Happening['kind']>(kind: Kind): Of<Kind> | undefined {
    const last = this.#list.findLast((one) => one.kind === kind) as Of<Kind> | undefined;
    return last && Date.now() - last.time < TOGETHER_MS ? last : undefined;
  }

  #add(facts: Facts<Happening>): void {
    this.#list.push({ ...facts, time: Date.now(), times: 1 });
    if (this.#list.length > KEPT) this.#list.shift();
  }
}
