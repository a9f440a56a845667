/** Text: characters that begin in one slot and end in another stay whole. */
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { createPatternStream, createReadStream } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { PatternReader } from '../helpers/pattern';
import { assertSameAsNode } from '../helpers/twins';
import { uncaughtDuring } from '../helpers/uncaught';
import { closed, parked } from '../helpers/waiting';

// Characters of one to four bytes, a joined family, and one byte that is no UTF-8.
const BYTES = Buffer.concat([Buffer.from('aé€😀👩‍👩‍👧'.repeat(30)), Buffer.of(0xff), Buffer.from('zß水🚀'.repeat(30))]);
const ENCODINGS = ['utf8', 'utf16le', 'ucs2', 'latin1', 'ascii', 'hex', 'base64', 'base64url'] as const;

describe('text', () => {
  const folder = temporaryFolder();
  let file = '';
  before(() => {
    file = folder.write('text', BYTES);
  });

  for (const encoding of ENCODINGS) {
    it(`in ${encoding} is whole whatever the size of the slots`, async () => {
      for (const slotSize of [1, 2, 3, 4, 5, 7, 16, 1000]) {
        const stream = createReadStream(file, { encoding, slots: 2, slotSize });
        let text = '';
        for await (const chunk of stream) {
          assert.equal(typeof chunk, 'string');
          text += chunk as string;
        }
        assert.equal(text, BYTES.toString(encoding));
        assert.equal(stream.bytesRead, BYTES.length);
      }
    });

    it(`in ${encoding} comes in the same pieces as from node:fs`, () =>
      assertSameAsNode(async (create) => {
        const stream = create(file, { encoding, highWaterMark: 7 });
        const pieces: unknown[] = [];
        stream.on('data', (piece) => pieces.push(piece));
        await closed(stream);
        return pieces;
      }));
  }

  it('can be asked for with setEncoding(), before and in the middle', () =>
    assertSameAsNode(async (create) => {
      const stream = create(file, { highWaterMark: 5 });
      const pieces: unknown[] = [];
      stream.on('data', (piece: Buffer | string) => {
        pieces.push(piece.toString());
        if (pieces.length === 10) stream.setEncoding('utf8');
      });
      await closed(stream);
      return pieces;
    }));

  it('can be asked for with setEncoding() when every slot is full already', async () => {
    const stream = createReadStream(file, { slots: 4, slotSize: 1 });
    await parked(stream);
    stream.setEncoding('utf8');
    assert.equal(((await stream.toArray()) as string[]).join(''), BYTES.toString());
  });

  it('can be asked for by giving an encoding instead of options', async () => {
    const stream = createReadStream(file, 'base64');
    assert.equal(stream.readableEncoding, 'base64');
    assert.equal(((await stream.toArray()) as string[]).join(''), BYTES.toString('base64'));
  });

  it('can be read with read(n), in UTF-16 units', async () => {
    const stream = createReadStream(file, { encoding: 'utf8', slotSize: 3 });
    const pieces: string[] = [];
    stream.on('readable', () => {
      for (let piece = stream.read(10) as string | null; piece; piece = stream.read(10) as string | null) {
        pieces.push(piece);
      }
    });
    await once(stream, 'end');
    assert.equal(pieces.join(''), BYTES.toString());
    assert.ok(pieces.slice(0, -1).every((piece) => piece.length === 10));
  });

  it('ends when the last character is cut off, with a replacement for it', async () => {
    const cut = folder.write('cut', Buffer.from('ab€').subarray(0, 4));
    for (const slotSize of [1, 2, 3, 4, 10]) {
      const stream = createReadStream(cut, { encoding: 'utf8', slotSize });
      assert.equal(((await stream.toArray()) as string[]).join(''), 'ab\ufffd');
    }
  });

  it('is nobody else’s when it is kept, and its slots are filled again', async () => {
    const length = 2_000_000;
    const stream = createPatternStream({ seed: 4, length, slots: 2, slotSize: 50_000, encoding: 'latin1' });
    const pieces: string[] = [];
    stream.on('data', (piece: string) => pieces.push(piece));
    await closed(stream);
    const reader = new PatternReader(4);
    for (const piece of pieces) reader.take(Buffer.from(piece, 'latin1'));
    reader.assertReached(length);
  });

  it('has its slots back when a listener throws', async () => {
    let text = '';
    const caught = await uncaughtDuring(async () => {
      const stream = createReadStream(file, { encoding: 'utf8', slots: 2, slotSize: 100 });
      stream.on('data', (piece: string) => {
        text += piece;
        throw new Error('in data');
      });
      await closed(stream);
    });
    assert.ok(caught.length >= BYTES.length / 100);
    assert.equal(text, BYTES.toString());
  });

  it('leaves bytes of their own to who has put a push() in the place of Node’s', async () => {
    const stream = createReadStream(file, { encoding: 'utf8', slots: 2, slotSize: 100 });
    const pieces: Buffer[] = [];
    stream.push = (piece: Buffer | null) => {
      if (piece) pieces.push(piece);
      return Readable.prototype.push.call(stream, piece);
    };
    stream.resume();
    await closed(stream);
    assert.deepEqual(Buffer.concat(pieces), BYTES);
  });

  it('may be made by somebody else’s decoder, which keeps bytes of its own', async () => {
    const stream = createReadStream(file, { encoding: 'utf8', slots: 2, slotSize: 100 });
    const pieces: Buffer[] = [];
    // As libraries do that add encodings to Node's.
    const decoder = { write: (piece: Buffer) => (pieces.push(piece), 'x'), end: () => '' };
    Object.assign(Reflect.get(stream, '_readableState') as object, { decoder });
    stream.resume();
    await closed(stream);
    assert.deepEqual(Buffer.concat(pieces), BYTES);
  });

  it('is what pattern streams give too', async () => {
    const stream = createPatternStream({ length: 1000, slotSize: 33, encoding: 'hex' });
    const text = ((await stream.toArray()) as string[]).join('');
    const bytes = Buffer.concat((await createPatternStream({ length: 1000 }).toArray()) as Buffer[]);
    assert.equal(text, bytes.toString('hex'));
  });
});
