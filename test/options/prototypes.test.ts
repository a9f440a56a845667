/** Options as objects: with a prototype, without one, frozen, behind a Proxy, with getters; and what others add to Object.prototype. */
import { strict as assert } from 'node:assert';
import fs from 'node:fs';
import { createDeviceStream, createPatternStream, createReadStream, type ProducerStream } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { assertSameAsNode, describeThrow } from '../helpers/twins';
import { bytesOf } from '../helpers/waiting';

/** What `read` reads while Object.prototype has the property. */
async function withInherited<Result>(name: string, value: unknown, read: () => Promise<Result>): Promise<Result> {
  const prototype = Object.prototype as Record<string, unknown>;
  prototype[name] = value;
  try {
    return await read();
  } finally {
    Reflect.deleteProperty(prototype, name);
  }
}

describe('options', () => {
  const folder = temporaryFolder();
  let file = '';
  before(() => {
    file = folder.write('file', '0123456789');
  });

  /** Without for await, for which Node itself reads what Object.prototype has. */
  const listen = (stream: ProducerStream): Promise<string> =>
    new Promise((resolve, reject) => {
      let text = '';
      stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
      stream.on('error', reject).on('close', () => resolve(text));
    });

  const read = async (stream: AsyncIterable<unknown>): Promise<string> =>
    (await bytesOf(stream as AsyncIterable<Buffer>)).toString();

  class Fields {
    start = 3;
  }
  class Getter {
    // eslint-disable-next-line @typescript-eslint/class-literal-property-style -- that it is a getter is the point
    get start(): number {
      return 3;
    }
  }
  for (const [kind, make] of Object.entries({
    'with a prototype': () => Object.create({ start: 3 }) as object,
    'of a class with fields': () => new Fields(),
    'of a class with a getter': () => new Getter(),
    'with a property that is not enumerable': () => Object.defineProperty({}, 'start', { value: 3 }),
    'without a prototype': () => Object.assign(Object.create(null) as object, { start: 3 }),
    'that are frozen': () => Object.freeze({ start: 3 }),
    'behind a Proxy': () => new Proxy({ start: 3 }, {}),
    'behind a Proxy that lists nothing': () => new Proxy({}, { get: (_, name) => (name === 'start' ? 3 : undefined) }),
    'that are an array': () => Object.assign([], { start: 3 }),
    'that are a function': () => Object.assign(() => undefined, { start: 3 }),
  })) {
    it(`${kind} mean what they mean for node:fs`, () => assertSameAsNode(async (create) => read(create(file, make()))));
  }

  it('are read once each', () => {
    let count = 0;
    createReadStream(file, {
      get start() {
        return count++;
      },
    }).destroy();
    assert.equal(count, 1);
  });

  it('with a getter that throws throw its error, also when it is that of no option', async () => {
    for (const name of ['start', 'signal', 'other']) {
      const error = new Error('a getter');
      const options = {
        get [name](): never {
          throw error;
        },
      };
      await assertSameAsNode((create) => Promise.resolve(describeThrow(() => create(file, options))));
      assert.throws(() => createReadStream(file, options), error);
      assert.throws(() => createPatternStream(options), error);
      assert.throws(() => createDeviceStream(file, options), error);
    }
  });

  // Among them options of ours, of Node's streams, and of the native sources; and what nobody knows.
  const names = ['legacyExtend', 'length', 'path', 'fd', 'owned', 'duplicate', 'start', 'signal', 'encoding', 'live'];
  names.push('autoClose', 'highWaterMark', 'patience', 'hasRecords', 'mayLose', 'objectMode', 'read', 'construct');
  names.push('defaultSlotSize', 'eager', 'idle', 'persistent', 'follow', 'cache', 'seed', 'rate', 'growsFrom', 'slots');
  for (const [kind, open] of Object.entries({
    file: () => createReadStream(file),
    'followed file': () => createReadStream(file, { follow: true, end: 9 }),
    device: () => createDeviceStream(file, {}),
    pattern: () => createPatternStream({ length: 10 }),
  } satisfies Record<string, () => ProducerStream>)) {
    it(`of a ${kind} are not what somebody has added to Object.prototype`, async () => {
      const expected = await listen(open());
      for (const name of names) {
        for (const value of [() => undefined, 4, 'x', true]) {
          assert.equal(await withInherited(name, value, () => listen(open())), expected, `${name}: ${String(value)}`);
        }
      }
    });
  }

  it('leave errors as they are when Object.prototype has setters of their names', async () => {
    const names = ['overflowed', 'errno', 'text'];
    const set = (): void => undefined;
    for (const name of names) Object.defineProperty(Object.prototype, name, { set, configurable: true });
    try {
      const failed = new Promise((resolve) => createReadStream(folder.path('missing')).on('error', resolve));
      assert.equal(((await failed) as NodeJS.ErrnoException).code, 'ENOENT');
    } finally {
      for (const name of names) Reflect.deleteProperty(Object.prototype, name);
    }
    assert.ok(fs.existsSync(file));
  });
});
