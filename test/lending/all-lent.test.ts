/** The warning about a consumer that keeps every slot. */
import { strict as assert } from 'node:assert';
import { createPatternStream, type Slot } from 'slipring';

import { parked, turn } from '../helpers/waiting';

const options = { length: 100_000, slots: 3, slotSize: 1000 };
const LIMIT_MS = 5000;

/** Timers of that length, which the test lets expire instead of waiting for them. */
class Timers {
  readonly #real = { set: globalThis.setTimeout, clear: globalThis.clearTimeout };
  #next: { callback: () => void; handle: NodeJS.Timeout } | undefined;
  count = 0;

  install(): void {
    const set = (callback: () => void, delay?: number): NodeJS.Timeout => {
      const handle = this.#real.set(callback, delay);
      if (delay === LIMIT_MS) {
        this.count++;
        this.#next = { callback, handle };
      }
      return handle;
    };
    globalThis.setTimeout = Object.assign<typeof set, typeof setTimeout>(set, this.#real.set);
    globalThis.clearTimeout = (handle) => {
      if (handle === this.#next?.handle) this.#next = undefined;
      this.#real.clear(handle);
    };
  }

  remove(): void {
    globalThis.setTimeout = this.#real.set;
    globalThis.clearTimeout = this.#real.clear;
    this.#real.clear(this.#next?.handle);
  }

  get running(): boolean {
    return this.#next !== undefined;
  }

  expire(): void {
    const { callback, handle } = this.#next ?? assert.fail('no timer runs');
    this.#next = undefined;
    this.#real.clear(handle);
    callback();
  }
}

async function take(loop: AsyncIterator<Slot>): Promise<Slot> {
  return ((await loop.next()).value as Slot).retain();
}

describe('SLIPRING_ALL_LENT', () => {
  let timers = new Timers();
  let warnings: (string | undefined)[] = [];
  const onWarning = (warning: Error & { code?: string }): unknown => warnings.push(warning.code);

  beforeEach(() => {
    warnings = [];
    timers = new Timers();
    timers.install();
    process.on('warning', onWarning);
  });
  afterEach(() => {
    timers.remove();
    process.removeListener('warning', onWarning);
  });

  it('is the code of one warning for each stream, 5 s after it has lent its last slot', async () => {
    const stream = createPatternStream(options);
    const loop = stream.slots();
    await take(loop);
    const second = await take(loop);
    assert.ok(!timers.running);
    const third = await take(loop);
    await parked(stream);
    timers.expire();
    await turn();
    assert.deepEqual(warnings, ['SLIPRING_ALL_LENT']);

    second.release();
    third.release();
    await take(loop);
    await take(loop);
    if (timers.running) timers.expire();
    await turn();
    assert.deepEqual(warnings, ['SLIPRING_ALL_LENT']);
    stream.destroy();
  });

  it('does not come when a slot comes back in time, and the time begins anew', async () => {
    const stream = createPatternStream(options);
    const loop = stream.slots();
    const slots = [await take(loop), await take(loop), await take(loop)];
    assert.ok(timers.running);
    slots[1]?.release();
    assert.ok(!timers.running);
    await take(loop);
    assert.deepEqual([timers.running, timers.count], [true, 2]);
    stream.destroy();
    await turn();
    assert.deepEqual(warnings, []);
  });

  it('does not come after the stream was destroyed', async () => {
    const stream = createPatternStream({ ...options, slots: 1 });
    await take(stream.slots());
    assert.ok(timers.running);
    stream.destroy();
    await new Promise((resolve) => stream.once('close', resolve));
    assert.ok(!timers.running);
  });

  it('does not come in a loop that keeps nothing', async () => {
    for await (const slot of createPatternStream(options).slots()) assert.ok(slot);
    assert.equal(timers.count, 0);
  });
});
