import assert from 'node:assert/strict';
import { once } from 'node:events';
import test from 'node:test';

import { createMySourceStream } from '../index.mjs';

const HOUR = 3_600_000;

test('the stream gives its lines in order, and ends', async () => {
  const chunks = await createMySourceStream({ interval: 1, count: 3 }).toArray();
  assert.equal(Buffer.concat(chunks).toString(), 'tick 1\ntick 2\ntick 3\n');
});

test('a slot knows the number of its line', async () => {
  const numbers = [];
  for await (const slot of createMySourceStream({ interval: 1, count: 3 }).slots()) numbers.push(slot.user);
  assert.deepEqual(numbers, [1n, 2n, 3n]);
});

// If this one hangs, cancel does not end the wait in read.
test('the stream is closed at once, also while it waits', { timeout: 10_000 }, async () => {
  const stream = createMySourceStream({ interval: HOUR });
  await once(stream, 'ready');
  stream.destroy();
  await once(stream, 'close');
  assert.equal(stream.errored, null);
});

test('an interval that makes no sense is an error', async () => {
  for (const interval of [-1, 0.5, 'long']) {
    await assert.rejects(createMySourceStream({ interval }).toArray(), { code: 'EINVAL', syscall: 'open' });
  }
});
