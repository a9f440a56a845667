/** Short runs of the fuzzer, with the same seeds each time; `npm run fuzz -- --minutes N` goes on. */
import { strict as assert } from 'node:assert';

import { describeWhere, onWindows } from '../helpers/where';
import { fuzz } from './helpers/run';

const SEQUENCES = 50;

describeWhere(!onWindows, 'no FIFOs and no descriptors to count')('the public API', () => {
  it('keeps its promises whatever is done with it, in whatever order', async () => {
    const { problem } = await fuzz({ node: process.execPath, first: 1, most: SEQUENCES, until: Infinity });
    assert.equal(problem, undefined, problem);
  });
});
