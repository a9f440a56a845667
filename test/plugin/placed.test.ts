/** A plugin may say which file its chunks are from, and where in it. */
import { strict as assert } from 'node:assert';
import { createPluginStream, type Position, type Rotation } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { compile, describeWithCompiler } from './helpers/library';

describeWithCompiler('a chunk of a file that a plugin reads', () => {
  const folder = temporaryFolder();
  const ONE = '1-0-0-ffffffffffffffff';
  const OTHER = 'abc-0-0-ffffffffffffffff';

  it('has a position and an end, and a rotation before another file', async () => {
    const places: (Position | undefined)[][] = [];
    const rotations: [Rotation, number][] = [];
    const stream = createPluginStream(compile(folder, 'placed'));
    stream.on('rotate', (rotation) => rotations.push([rotation, places.length]));
    for await (const slot of stream.slots()) {
      slot.release();
      places.push([slot.position, slot.end]);
    }
    assert.deepEqual(places, [
      [undefined, undefined],
      [
        { file: ONE, offset: 100 },
        { file: ONE, offset: 104 },
      ],
      [
        { file: ONE, offset: 104 },
        { file: ONE, offset: 108 },
      ],
      [
        { file: OTHER, offset: 0 },
        { file: OTHER, offset: 10 },
      ],
    ]);
    assert.deepEqual(rotations, [[{ from: { file: ONE, offset: 108 }, to: { file: OTHER, offset: 0 } }, 3]]);
  });

  it('has both with records, too', async () => {
    const ends: (number | undefined)[] = [];
    const stream = createPluginStream(compile(folder, 'placed'), { records: 'lines' });
    for await (const batch of stream.batches()) ends.push(batch.position?.offset, batch.end()?.offset);
    assert.deepEqual(ends.slice(0, 2), [undefined, undefined]);
    assert.equal(ends.at(-2), 0);
  });
});
