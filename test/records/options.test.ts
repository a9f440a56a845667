/** The options of streams of records, and what is wrong with wrong ones. */
import { strict as assert } from 'node:assert';
import {
  createDeviceStream,
  createPatternStream,
  createPluginStream,
  createReadStream,
  type ByteStream,
  type RecordStreamOptions,
  type StreamOptions,
} from 'slipring';

import { valuesBut } from '../helpers/values';
import { closed } from '../helpers/waiting';

type Create = (options: object) => ByteStream;

const makers: Record<string, Create> = {
  createReadStream: (options) => createReadStream('missing', options),
  createDeviceStream: (options) => createDeviceStream('missing', options),
  createPatternStream: (options) => createPatternStream({ length: 0, ...options }),
  createPluginStream: (options) => createPluginStream('missing', options),
};

const TYPE = 'ERR_INVALID_ARG_TYPE';
const VALUE = 'ERR_INVALID_ARG_VALUE';
const RANGE = 'ERR_OUT_OF_RANGE';

/** Options, and the code and the name that they are refused with. */
type Case = [options: object, code: string, name: string];

function recordsOf(name: string, type: (value: unknown) => string, ...right: string[]): Case[] {
  return valuesBut('undefined', ...right).map(([, value]) => [
    { records: { [name]: value } },
    type(value),
    `records.${name}`,
  ]);
}

const numberCode = (value: unknown): string => (typeof value === 'number' ? RANGE : TYPE);
const bytesCode = (value: unknown): string => (typeof value === 'string' ? VALUE : TYPE);

const cases: Record<string, Case[]> = {
  'are neither lines nor an object': valuesBut('undefined').flatMap(([name, value]): Case[] => {
    if (typeof value === 'object' && value !== null) return [[{ records: value }, VALUE, 'records']];
    return name === 'undefined' ? [] : [[{ records: value }, TYPE, 'records']];
  }),
  'have a delimiter that is none': recordsOf('delimiter', bytesCode, 'a number as a string', 'a word', 'a Buffer'),
  'have a delimiter that is too long': [
    [{ records: { delimiter: 'x'.repeat(17) } }, VALUE, 'records.delimiter'],
    [{ records: { delimiter: 'é'.repeat(9) } }, VALUE, 'records.delimiter'],
    [{ records: { delimiter: new Uint8Array(17) } }, VALUE, 'records.delimiter'],
  ],
  'have a size that is none': recordsOf('size', numberCode, '1'),
  'have an unknown prefix': recordsOf('prefix', () => VALUE).concat(
    ['U8', 'u24le', 'i8', 'toString', '__proto__', ['u8'], { toString: () => 'u8' }].map((prefix) => [
      { records: { prefix } },
      VALUE,
      'records.prefix',
    ]),
  ),
  'have an offset that is none': valuesBut('undefined', '0', '-0', '1').map(([, offset]) => [
    { records: { prefix: 'u8', offset } },
    numberCode(offset),
    'records.offset',
  ]),
  'have a prefix that counts something else': valuesBut('undefined').map(([, counts]) => [
    { records: { prefix: 'u8', counts } },
    VALUE,
    'records.counts',
  ]),
  'are stripped or not, and nothing else': valuesBut('undefined', 'true', 'false').map(([, strip]) => [
    { records: { prefix: 'u8', strip } },
    TYPE,
    'records.strip',
  ]),
  'have an unknown frame': recordsOf('frame', () => VALUE),
  'are of several kinds, or of none': [
    [{ records: { size: 1, delimiter: 'x' } }, VALUE, 'records'],
    [{ records: { prefix: 'u8', frame: 'slip' } }, VALUE, 'records'],
    [{ records: { offset: 1 } }, VALUE, 'records'],
  ],
  'have a longest one that makes no sense': valuesBut('undefined', '1').map(([, maxRecordSize]) => [
    { records: 'lines', maxRecordSize },
    numberCode(maxRecordSize),
    'maxRecordSize',
  ]),
  'are longer than they may be': [[{ records: { size: 5 }, maxRecordSize: 4 }, RANGE, 'maxRecordSize']],
  'are to be treated in an unknown way when they are long': valuesBut('undefined').map(([, longRecords]) => [
    { records: 'lines', longRecords },
    VALUE,
    'longRecords',
  ]),
  'cannot be cut': [{ size: 1 }, { prefix: 'u8' }, { frame: 'slip' }, { frame: 'cobs' }].flatMap((records): Case[] => [
    [{ records, longRecords: 'split' }, VALUE, 'longRecords'],
    [{ records, longRecords: 'truncate' }, VALUE, 'longRecords'],
  ]),
  'are said to be none': [
    [{ maxRecordSize: 5 }, VALUE, 'maxRecordSize'],
    [{ longRecords: 'error' }, VALUE, 'longRecords'],
  ],
  'have too small slots': [[{ records: 'lines', slotSize: 63 }, RANGE, 'slotSize']],
};

describe('records', () => {
  for (const [maker, create] of Object.entries(makers)) {
    for (const [what, refused] of Object.entries(cases)) {
      it(`that ${what} are refused by ${maker} at once`, () => {
        for (const [options, code, name] of refused) {
          // The name is a part of the message that users look for.
          assert.throws(
            () => create(options),
            (error: NodeJS.ErrnoException) => {
              assert.equal(error.code, code, `${name} ${error.message}`);
              return error.message.includes(`"options.${name}"`);
            },
          );
        }
      });
    }

    it(`are none when they are undefined, for ${maker}`, async () => {
      const options = { records: undefined, maxRecordSize: undefined, longRecords: undefined };
      const stream = create(options);
      assert.equal(stream.readableObjectMode, false);
      await closed(stream.resume());
    });
  }

  it('that are dropped have to fit into half a slot', () => {
    const drop = { overflow: 'drop-oldest', slotSize: 1024 } as const;
    const refused: [RecordStreamOptions, string][] = [
      [{ records: 'lines', maxRecordSize: 511 }, 'maxRecordSize'],
      [{ records: { size: 512 } }, 'slotSize'],
    ];
    for (const [options, name] of refused) {
      assert.throws(
        () => createDeviceStream('missing', { ...drop, ...options }),
        (error: NodeJS.ErrnoException) => error.code === RANGE && error.message.includes(`"options.${name}"`),
      );
    }
  });

  it('may come from getters, each of which is read once, and from objects without a prototype', async () => {
    const reads: string[] = [];
    const watched = <Given extends object>(given: Given): Given =>
      new Proxy(Object.assign(Object.create(null) as Given, given), {
        get(target, name) {
          reads.push(String(name));
          return Reflect.get(target, name) as unknown;
        },
      });
    const records = watched({ prefix: 'u8', offset: 0, counts: 'payload', strip: true } as const);
    const stream = createPatternStream(
      watched({ records, maxRecordSize: 255, longRecords: 'error' as const, length: 0 }),
    );
    for await (const record of stream) assert.fail(String(record));
    for (const name of ['records', 'maxRecordSize', 'longRecords', 'prefix', 'offset', 'counts', 'strip']) {
      assert.equal(reads.filter((read) => read === name).length, 1, name);
    }
  });

  it('may come from classes, and never from Object.prototype', async () => {
    class Format {
      size = 2;
    }
    const [first] = (await createPatternStream({ length: 4, records: new Format() }).toArray()) as Buffer[];
    assert.equal(first?.length, 2);
    const added = Object.prototype as { records?: unknown; delimiter?: unknown };
    added.records = 'lines';
    added.delimiter = 'x';
    try {
      const plain = createPatternStream({ length: 0 });
      plain.destroy();
      assert.equal(plain.readableObjectMode, false);
      createPatternStream({ length: 4, records: { size: 2 } }).destroy();
    } finally {
      delete added.records;
      delete added.delimiter;
    }
  });

  it('do not change when what they were made from does', async () => {
    const delimiter = Buffer.from('\x01');
    const records = { delimiter };
    const options: StreamOptions & RecordStreamOptions = { records };
    const stream = createPatternStream({ seed: 1, length: 1000, ...options });
    const expected = await createPatternStream({ seed: 1, length: 1000, records: { delimiter: '\x01' } }).toArray();
    delimiter.fill(0);
    records.delimiter = Buffer.from('xyz');
    assert.deepEqual(await stream.toArray(), expected);
  });

  it('make it a stream of objects', () => {
    const stream = createPatternStream({ length: 0, records: 'lines' });
    assert.deepEqual([stream.readableObjectMode, stream.readableEncoding], [true, null]);
    stream.destroy();
  });
});
