/** Rule 1: the producer thread blocks only where it can be woken. */
import { strict as assert } from 'node:assert';

import { temporaryFolder } from '../helpers/files';
import { onLinux } from '../helpers/process';
import { promised } from '../helpers/promised';
import { askChild } from './helpers/child';

const TIMES = 10;

const ways = {
  fifo: 'waits for a FIFO that is silent or has no writer',
  'blocking-descriptor': 'waits for a descriptor whose reads block',
  device: 'waits for a FIFO as a device',
  'device-descriptor': 'waits for a FIFO as a descriptor of a device',
  'device-full': 'has data from a device and waits for a free slot',
  rate: 'waits for its next turn at a limited rate',
  full: 'waits for a free slot',
  'long-pattern': 'fills a slot of one gibibyte',
  'long-device-read': 'reads a gibibyte from a device',
};

if (onLinux) {
  describe('Rule 1: the producer thread blocks only where it can be woken', () => {
    const folder = temporaryFolder();

    for (const [way, what] of Object.entries(ways)) {
      it(`destroy() ends within 100 ms a thread that ${what}`, async () => {
        const times = await askChild<number[]>('destroy-time', [way, TIMES, folder.fifo()], { times: TIMES });
        assert.equal(times.length, TIMES);
        assert.ok(Math.max(...times) < promised(100), `milliseconds: ${times.join(' ')}`);
      });
    }
  });
}
