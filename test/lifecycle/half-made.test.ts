/** A create…() that throws leaves nothing behind. */
import { strict as assert } from 'node:assert';

import { describeWhere } from '../helpers/where';
import { askChild } from './helpers/child';

interface Answer {
  missing: number;
  before: number[];
  after: number[];
}

describeWhere(process.platform === 'linux', 'threads are counted on Linux')('a stream that cannot be made', () => {
  it('leaves no thread, no descriptor, and nothing that keeps the process alive', async () => {
    const { missing, before, after } = await askChild<Answer>('half-made');
    assert.equal(missing, 0, 'all throw');
    assert.deepEqual(after, before, 'threads and descriptors');
  });
});
