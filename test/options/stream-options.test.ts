/** The options of every stream: what each means, and that nothing else gets through. */
import { strict as assert } from 'node:assert';
import { createPatternStream, createReadStream, type StreamOptions } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { valuesBut } from '../helpers/values';
import { closed, parked, turn } from '../helpers/waiting';

const TYPE = 'ERR_INVALID_ARG_TYPE';
const RANGE = 'ERR_OUT_OF_RANGE';
const VALUE = 'ERR_INVALID_ARG_VALUE';

function assertRefused(options: object, code: string | RegExp, name = ''): void {
  const expected = (error: unknown): boolean => {
    assert.ok(error instanceof TypeError || error instanceof RangeError, name);
    assert.match((error as NodeJS.ErrnoException).code ?? '', new RegExp(code), name);
    return true;
  };
  assert.throws(() => createPatternStream(options), expected, name);
  assert.throws(() => createReadStream(__filename, options as StreamOptions), expected, name);
}

describe('the options of every stream', () => {
  const folder = temporaryFolder();
  const make = {
    pattern: (options?: StreamOptions) => createPatternStream({ length: 100_000, ...options }),
    file: (options?: StreamOptions) => createReadStream(folder.fill('file', 100_000), options),
  };

  for (const option of ['slots', 'slotSize']) {
    it(`refuse as ${option} what is not a number, with ${TYPE}`, () => {
      const others = valuesBut('undefined').filter(([, value]) => typeof value !== 'number');
      for (const [name, value] of others) assertRefused({ [option]: value }, TYPE, name);
    });
  }

  it(`refuse as slots what is not an integer from 1 to 1024, with ${RANGE}`, () => {
    for (const slots of [0, -0, -1, 1.5, 1025, NaN, Infinity, -Infinity, 2 ** 32 + 1, 2 ** 53]) {
      assertRefused({ slots }, RANGE, `${slots}`);
    }
  });

  it(`refuse as slotSize what is not an integer from 1 to 1 GiB, with ${RANGE}`, () => {
    for (const slotSize of [0, -0, -1, 1.5, 2 ** 30 + 1, NaN, Infinity, -Infinity, 2 ** 32 + 1, 2 ** 53]) {
      assertRefused({ slotSize }, RANGE, `${slotSize}`);
    }
  });

  it(`refuse as highWaterMark what is not an integer from 1 to 1 GiB, with ${VALUE} as in node:stream`, () => {
    for (const [name, value] of valuesBut('undefined', 'null', '1', '2^31', '2^32')) {
      assertRefused({ highWaterMark: value }, VALUE, name);
    }
    for (const value of [2 ** 30 + 1, 2 ** 31, 2 ** 32]) assertRefused({ highWaterMark: value }, VALUE, `${value}`);
  });

  it('allow 1 to 1024 slots of 1 byte and more', async () => {
    for (const [slots, slotSize] of [
      [1, 1],
      [1024, 1],
      [1, 2 ** 24],
    ] as const) {
      const stream = createPatternStream({ length: 2000, slots, slotSize });
      assert.deepEqual([stream.stats().slots, stream.stats().slotSize], [slots, slotSize]);
      await closed(stream.resume());
      assert.equal(stream.stats().bytesDelivered, 2000);
    }
  });

  it('have defaults that stats() tells', async () => {
    for (const create of Object.values(make)) {
      const stream = create();
      const { slots, slotSize } = stream.stats();
      assert.deepEqual([slots, slotSize, stream.readableHighWaterMark], [4, 2 * 1024 * 1024, 2 * 1024 * 1024]);
      await closed(stream.destroy());
    }
  });

  it('have more slots the smaller these are: as many as 2 MiB hold, 4 to 64', async () => {
    for (const [slotSize, slots] of [
      [1000, 64],
      [32_768, 64],
      [65_536, 32],
      [100_000, 20],
      [1_000_000, 4],
    ] as const) {
      for (const options of [{ slotSize }, { highWaterMark: slotSize }]) {
        const stream = createPatternStream({ length: 1, ...options });
        assert.equal(stream.stats().slots, slots);
        await closed(stream.destroy());
      }
    }
  });

  it('take highWaterMark for slotSize, unless slotSize is given too', async () => {
    for (const create of Object.values(make)) {
      const first = create({ highWaterMark: 77 });
      const second = create({ highWaterMark: 77, slotSize: 33 });
      assert.deepEqual([first.stats().slotSize, first.readableHighWaterMark], [77, 77]);
      assert.deepEqual([second.stats().slotSize, second.readableHighWaterMark], [33, 33]);
      await Promise.all([closed(first.destroy()), closed(second.destroy())]);
    }
  });

  it('fill as many slots ahead as they say', async () => {
    for (const slots of [1, 2, 7, 100]) {
      const stream = createPatternStream({ slots, slotSize: 10 });
      await parked(stream);
      assert.equal(stream.stats().chunksProduced, slots);
      await closed(stream.destroy());
    }
  });

  it(`refuse an overflow other than 'block', with ${VALUE}: a file can wait`, async () => {
    for (const [name, value] of valuesBut('undefined')) assertRefused({ overflow: value }, VALUE, name);
    for (const overflow of ['drop-oldest', 'drop-newest', 'strict']) assertRefused({ overflow }, VALUE, overflow);
    const stream = createPatternStream({ overflow: 'block' });
    await closed(stream.destroy());
  });

  for (const option of ['emitClose', 'autoClose']) {
    it(`refuse as ${option} what is not a boolean, with ${TYPE}`, () => {
      for (const [name, value] of valuesBut('undefined', 'true', 'false')) {
        assertRefused({ [option]: value }, TYPE, name);
      }
    });
  }

  it(`refuse as signal what has no 'aborted', with ${TYPE}`, () => {
    for (const [name, value] of valuesBut('undefined')) assertRefused({ signal: value }, TYPE, name);
  });

  it(`refuse an encoding that Buffer does not know, with ${VALUE}`, () => {
    for (const [name, value] of valuesBut('undefined', 'null')) assertRefused({ encoding: value }, VALUE, name);
  });

  it("mean Buffers by an encoding of undefined, null or 'buffer'", async () => {
    for (const encoding of [undefined, null, 'buffer'] as const) {
      const stream = make.file({ encoding });
      assert.equal(stream.readableEncoding, null);
      for await (const chunk of stream) assert.ok(Buffer.isBuffer(chunk));
    }
  });

  it('take an encoding in any spelling that Buffer knows', async () => {
    for (const encoding of ['utf8', 'UTF-8', 'Utf8', 'HEX', 'binary'] as BufferEncoding[]) {
      const stream = make.pattern({ encoding });
      for await (const chunk of stream) assert.equal(typeof chunk, 'string');
    }
  });

  it("leave 'close' out when emitClose is false, and close nevertheless", async () => {
    for (const create of Object.values(make)) {
      const stream = create({ emitClose: false });
      stream.on('close', () => assert.fail());
      stream.destroy();
      while (!stream.closed) await turn();
      await turn();
      assert.ok(stream.destroyed);
    }
  });

  it('leave the stream undestroyed at its end when autoClose is false', async () => {
    for (const create of Object.values(make)) {
      const stream = create({ autoClose: false });
      await new Promise((resolve) => stream.resume().once('end', resolve));
      for (let turns = 0; turns < 5; turns++) await turn();
      assert.ok(!stream.destroyed && stream.readableEnded);
      await closed(stream.destroy());
    }
  });

  it('are not kept: changing the object afterwards changes nothing', async () => {
    const options: StreamOptions = { slots: 2, slotSize: 1000 };
    const stream = createPatternStream({ length: 5000, ...options });
    const frozen = createPatternStream(Object.freeze({ ...options, length: 5000 }));
    options.slotSize = 1;
    assert.equal(stream.stats().slotSize, 1000);
    await Promise.all([closed(stream.resume()), closed(frozen.resume())]);
  });

  it('may be inherited, or come from getters, each of which is asked', async () => {
    const inherited = Object.create({ slots: 3, slotSize: 11 }) as StreamOptions;
    const computed = { get slots() { return 4; }, slotSize: 12 }; // prettier-ignore
    const streams = [createPatternStream(inherited), createPatternStream(computed)];
    assert.deepEqual(
      streams.map((stream) => [stream.stats().slots, stream.stats().slotSize]),
      [
        [3, 11],
        [4, 12],
      ],
    );
    await Promise.all(streams.map((stream) => closed(stream.destroy())));
  });

  it('pass on what a getter throws', () => {
    const reason = new Error('in a getter');
    const hostile = {
      get slots(): number {
        throw reason;
      },
    };
    assert.throws(() => createPatternStream(hostile), reason);
    assert.throws(() => createReadStream(__filename, hostile), reason);
  });
});
