/** Where each chunk of a file is from, also over rotations. */
import { strict as assert } from 'node:assert';
import fs from 'node:fs';
import {
  createDeviceStream,
  createReadStream,
  type Position,
  type ProducerStream,
  type ReadStreamOptions,
  type Rotation,
  type Slot,
} from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { closed } from '../helpers/waiting';
import { itWhere, itWithFifos, onWindows } from '../helpers/where';

/** Without what else is known of the place. */
function bare(position: Position | undefined): unknown {
  return position && { file: position.file, offset: position.offset };
}

interface Told {
  text: string;
  position: Position | undefined;
  end: Position | undefined;
}

/** Takes what comes from a stream, in pieces; and hears of rotations, between them. */
class Slots {
  readonly all: (Told | Rotation)[] = [];
  readonly #slots: AsyncIterator<Slot>;

  constructor(readonly stream: ProducerStream) {
    stream.on('rotate', (rotation) => this.all.push(rotation));
    this.#slots = stream.slots();
  }

  async take(length: number): Promise<void> {
    for (let taken = 0; taken < length;) {
      const { value: slot } = (await this.#slots.next()) as IteratorYieldResult<Slot>;
      const { data, position, end } = slot;
      this.all.push({ text: data.toString(), position, end });
      taken += data.length;
    }
  }

  async close(): Promise<void> {
    const left = this.#slots.return?.();
    await closed(this.stream.destroy());
    await left;
  }
}

describe('the position of a slot', () => {
  const folder = temporaryFolder();

  const follow = (file: string, options: ReadStreamOptions = {}): Slots =>
    new Slots(createReadStream(file, { ...options, follow: true }));

  it('goes on where the last one ended, from `start` on, and each end is in the same file', async () => {
    const file = folder.fill('plain', 10_000);
    for (const options of [{}, { start: 700 }, { start: 700, follow: true, end: 9999 }, { cache: false, start: 5 }]) {
      let offset = options.start ?? 0;
      let name: string | undefined;
      for await (const slot of createReadStream(file, { ...options, slotSize: 999 }).slots()) {
        name ??= slot.position?.file;
        assert.deepEqual(bare(slot.position), { file: name, offset });
        offset += slot.data.length;
        slot.release();
        assert.deepEqual(bare(slot.end), { file: name, offset });
      }
      assert.equal(offset, 10_000);
    }
  });

  it("is a descriptor's own, when it is read from there", async () => {
    const fd = fs.openSync(folder.write('descriptor', '0123456789'), 'r');
    fs.readSync(fd, Buffer.alloc(4));
    for await (const slot of createReadStream('', { fd }).slots()) {
      assert.deepEqual([slot.position?.offset, slot.end?.offset], [4, 10]);
    }
  });

  it('is a plain object that cannot be changed, and survives JSON', async () => {
    for await (const slot of createReadStream(folder.write('json', 'x')).slots()) {
      const { position } = slot;
      assert.ok(Object.isFrozen(position) && Object.getPrototypeOf(position) === Object.prototype);
      assert.deepEqual(JSON.parse(JSON.stringify(position)), position);
    }
  });

  itWithFifos('is undefined for what is no file', async () => {
    const fifo = folder.fifo();
    const writer = fs.openSync(fifo, 'r+');
    const makers = [createReadStream, createDeviceStream, (path: string) => createReadStream(path, { follow: true })];
    for (const make of makers) {
      const stream = make(fifo);
      fs.writeSync(writer, 'x');
      for await (const slot of stream.slots()) {
        assert.deepEqual([slot.position, slot.end], [undefined, undefined]);
        break;
      }
    }
    fs.closeSync(writer);
  });

  it('has the same file for the same file under another name, and another one for another', async () => {
    const first = folder.write('first', 'the same text');
    const before = follow(first);
    await before.take(13);
    fs.renameSync(first, folder.path('renamed'));
    fs.writeFileSync(first, 'the same text');
    const after = follow(folder.path('renamed'));
    const other = follow(first);
    await Promise.all([after.take(13), other.take(13)]);
    const [[a], [b], [c]] = [before, after, other].map(({ all }) => all as Told[]) as [Told[], Told[], Told[]];
    assert.deepEqual(a, b);
    assert.notEqual(a?.position?.file, c?.position?.file);
    for (const slots of [before, after, other]) await slots.close();
  });

  it('changes with a rotation, of which an event tells between two slots', async () => {
    const file = folder.write('log', 'one\n');
    const slots = follow(file);
    await slots.take(4);
    fs.appendFileSync(file, 'two\n');
    fs.renameSync(file, `${file}.1`);
    fs.writeFileSync(file, 'three\n');
    await slots.take(10);
    const texts = slots.all.map((told) => ('text' in told ? told.text : 'rotate'));
    assert.deepEqual(texts, ['one\n', 'two\n', 'rotate', 'three\n']);
    const [, last, rotation, next] = slots.all as [Told, Told, Rotation, Told];
    assert.deepEqual([bare(rotation.from), rotation.to], [bare(last.end), next.position]);
    assert.equal(rotation.to.offset, 0);
    assert.notEqual(rotation.from.file, rotation.to.file);
    await slots.close();
  });

  itWhere(!onWindows, 'no open file is cut there')(
    'begins anew in a file that was cut, which is another one then, whatever is in it',
    async () => {
      const file = folder.write('cut', 'the same\n');
      const slots = follow(file);
      await slots.take(9);
      for (const text of ['other\n', 'other\n', 'the same\n']) {
        fs.truncateSync(file);
        fs.appendFileSync(file, text);
        await slots.take(text.length);
        if (text === 'the same\n') break;
        fs.appendFileSync(file, '!');
        await slots.take(1);
      }
      const rotations = slots.all.filter((told): told is Rotation => 'from' in told);
      assert.deepEqual(
        rotations.map(({ from, to }) => [from.offset, to.offset]),
        [
          [9, 0],
          [7, 0],
          [7, 0],
        ],
      );
      for (const { from, to } of rotations) assert.notEqual(from.file, to.file);
      await slots.close();
    },
  );

  it('is told to every way to read', async () => {
    const ways: ((stream: ReturnType<typeof createReadStream>) => AsyncIterable<unknown>)[] = [
      (stream) => stream,
      (stream) => stream.slots(),
      (stream) => stream.lines(),
      (stream) => stream.toWeb(),
    ];
    for (const [index, way] of ways.entries()) {
      const file = folder.write(`way-${index}`, 'a\n');
      const stream = createReadStream(file, { follow: true, end: 3 });
      const rotations: Rotation[] = [];
      stream.on('rotate', (rotation) => rotations.push(rotation));
      for await (const chunk of way(stream)) {
        assert.ok(chunk);
        if (fs.existsSync(`${file}.1`)) continue;
        fs.renameSync(file, `${file}.1`);
        fs.writeFileSync(file, 'b\n');
      }
      assert.deepEqual(
        rotations.map(({ from, to }) => [from.offset, to.offset]),
        [[2, 0]],
      );
    }
  });
});
