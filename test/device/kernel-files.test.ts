/** Files that the kernel makes up when they are read: their size says nothing, and a read may find nothing yet. */
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import fs from 'node:fs';
import { createDeviceStream, createReadStream } from 'slipring';

import { onLinux } from '../helpers/process';
import { bytesOf, closed, turn } from '../helpers/waiting';
import { describeWhere, itWhere } from '../helpers/where';

const MOUNTS = '/proc/self/mountinfo';
const TRACES = '/sys/kernel/tracing';

function hasTraces(): boolean {
  try {
    fs.accessSync(`${TRACES}/trace_pipe`, fs.constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
const itWithTraces = itWhere(hasTraces(), 'needs root, and: mount -t tracefs nodev /sys/kernel/tracing');

const describeOnLinux = describeWhere(onLinux, 'Linux has them');

describeOnLinux('a file that the kernel makes up', () => {
  it('is read to its end, by its path or by a descriptor, with either kind of stream', async () => {
    const expected = fs.readFileSync(MOUNTS);
    for (const create of [createReadStream, createDeviceStream]) {
      assert.ok((await bytesOf(create(MOUNTS))).equals(expected));
    }
    assert.ok((await bytesOf(createReadStream('', { fd: fs.openSync(MOUNTS, 'r') }))).equals(expected));
    assert.ok((await bytesOf(createDeviceStream(fs.openSync(MOUNTS, 'r')))).equals(expected));
  });

  it('is given once when it is followed, and not taken for a file that was cut', async () => {
    const expected = fs.readFileSync(MOUNTS);
    const stream = createReadStream(MOUNTS, { follow: true });
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    await once(stream, 'data');
    // Time enough for it to come a thousand times.
    for (let i = 0; i < 50; i++) await bytesOf(createReadStream(MOUNTS));
    await closed(stream.destroy());
    assert.ok(Buffer.concat(chunks).equals(expected));
  });

  for (const follow of [false, true]) {
    itWithTraces(`is waited for when it has nothing yet${follow ? ', followed too' : ''}`, async () => {
      const stream = createReadStream(`${TRACES}/trace_pipe`, { follow });
      let text = '';
      stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
      await once(stream, 'open');
      fs.writeFileSync(`${TRACES}/trace_marker`, 'a mark of ours');
      while (!text.includes('a mark of ours')) await once(stream, 'data');
      await closed(stream.destroy());
      assert.equal(stream.errored, null);
    });
  }

  for (const flags of [fs.constants.O_RDONLY, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK]) {
    const mode = flags === fs.constants.O_RDONLY ? 'blocks' : 'does not block';
    itWithTraces(`can be closed while there is nothing, through a descriptor that ${mode}`, async () => {
      for (const create of [(fd: number) => createReadStream('', { fd }), (fd: number) => createDeviceStream(fd)]) {
        const stream = create(fs.openSync(`${TRACES}/trace_pipe`, flags)).resume();
        await turn();
        await closed(stream.destroy());
      }
    });
  }
});
