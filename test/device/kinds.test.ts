/** Device streams of everything but FIFOs: terminals, sockets, devices, files. */
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import fs from 'node:fs';
import { createDeviceStream } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { patternBytes } from '../helpers/pattern';
import { bytesOf, closed, until } from '../helpers/waiting';
import { describeWhere, describeWithPackages, onWindows } from '../helpers/where';
import { endPrograms, makeSocket, makeTerminals } from './helpers/endpoints';

const describeWithDevices = describeWhere(!onWindows, 'Windows has no such files');
const describeWithSocat = onWindows ? describeWithDevices : describeWithPackages({ socat: 'socat' });

describeWithSocat('a device stream of a terminal', () => {
  const folder = temporaryFolder();
  endPrograms();

  for (const by of ['path', 'descriptor']) {
    it(`gives what is written to it, by its ${by}, and ends when the other side hangs up`, async () => {
      const { near, far, hangUp } = await makeTerminals(folder);
      const stream = createDeviceStream(by === 'path' ? near : fs.openSync(near, 'r'));
      const writer = fs.openSync(far, 'r+');
      for (const text of ['one', 'two']) {
        fs.writeSync(writer, text);
        const [chunk] = (await once(stream, 'data')) as [Buffer];
        assert.equal(chunk.toString(), text);
      }
      const ended = once(stream, 'end');
      await hangUp();
      await ended;
      fs.closeSync(writer);
    });
  }

  it('carries a lot of bytes in order', async () => {
    const { near, far } = await makeTerminals(folder);
    const stream = createDeviceStream(near);
    const expected = patternBytes(1, 0, 2_000_000);
    await once(stream, 'ready');
    const writer = fs.createWriteStream(far, { flags: 'r+' });
    writer.write(expected);
    let offset = 0;
    stream.on('data', (chunk: Buffer) => {
      assert.ok(chunk.equals(expected.subarray(offset, offset + chunk.length)));
      offset += chunk.length;
    });
    await until(() => offset === expected.length);
    await closed(stream.destroy());
    await closed(writer.destroy() as never);
  });

  it('leaves the flags of a descriptor as they are, and can be destroyed in silence', async () => {
    const { near } = await makeTerminals(folder);
    const fd = fs.openSync(near, 'r');
    const flags = (): string => fs.readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8').split('\n')[1] as string;
    const before = flags();
    const stream = createDeviceStream(fd, { autoClose: false }).resume();
    await once(stream, 'ready');
    assert.equal(flags(), before);
    await closed(stream.destroy());
    assert.equal(flags(), before);
    fs.closeSync(fd);
  });
});

describeWithSocat('a device stream of a socket', () => {
  const folder = temporaryFolder();
  endPrograms();

  it('connects to the path of a unix socket', async () => {
    const peer = await makeSocket(folder, 1);
    const stream = createDeviceStream(peer.path);
    await once(stream, 'ready');
    peer.send('one');
    assert.equal(((await once(stream, 'data')) as [Buffer])[0].toString(), 'one');
    peer.leave();
    await once(stream, 'end');
  });

  it('gives each packet as a chunk of its own, however far the consumer is behind', async () => {
    const peer = await makeSocket(folder, 5);
    const stream = createDeviceStream(peer.path, { slots: 64, slotSize: 100 });
    await once(stream, 'ready');
    // From here on the thread reads, and nobody takes.
    stream.once('data', () => stream.pause());
    peer.send('first');
    await once(stream, 'pause');
    const packets = Array.from({ length: 50 }, (_, i) => `packet ${i}`);
    for (const [i, packet] of packets.entries()) {
      peer.send(packet);
      // socat sends what it reads at once as one packet.
      await until(() => stream.stats().chunksProduced === i + 2);
    }
    const chunks: string[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
    peer.leave();
    stream.resume();
    await once(stream, 'end');
    assert.deepEqual(chunks, packets);
  });

  it('fails with EMSGSIZE when a packet is larger than a slot', async () => {
    const peer = await makeSocket(folder, 5);
    const stream = createDeviceStream(peer.path, { slotSize: 4 }).resume();
    await once(stream, 'ready');
    peer.send('12345');
    const [error] = (await once(stream, 'error')) as [NodeJS.ErrnoException];
    assert.equal(error.code, 'EMSGSIZE');
    assert.equal(error.syscall, 'read');
  });

  it('fails with ECONNREFUSED where nobody listens', async () => {
    const peer = await makeSocket(folder, 1);
    await peer.die();
    const [error] = (await once(createDeviceStream(peer.path), 'error')) as [NodeJS.ErrnoException];
    assert.deepEqual([error.code, error.syscall, error.path], ['ECONNREFUSED', 'connect', peer.path]);
  });
});

describeWithDevices('a device stream of a character device', () => {
  it('reads as long as somebody wants more', async () => {
    const stream = createDeviceStream('/dev/urandom', { slotSize: 10_000 });
    let bytes = 0;
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes >= 1_000_000) break;
    }
    assert.equal(bytes, 1_000_000);
  });

  it('lends its chunks', async () => {
    const stream = createDeviceStream('/dev/zero');
    let slots = 0;
    for await (const slot of stream.slots()) {
      assert.ok(slot.data.every((byte) => byte === 0));
      if (++slots === 20) break;
    }
    await closed(stream);
  });

  it('ends at once when that is all there is', async () => {
    assert.equal((await bytesOf(createDeviceStream('/dev/null'))).length, 0);
  });
});

describe('a device stream of a regular file', () => {
  const folder = temporaryFolder();

  it('reads it to its end, by its path or from the position of a descriptor', async () => {
    const path = folder.fill('file', 300_001);
    const expected = fs.readFileSync(path);
    assert.ok((await bytesOf(createDeviceStream(path))).equals(expected));
    const fd = fs.openSync(path, 'r');
    fs.readSync(fd, Buffer.alloc(1000), 0, 1000, null);
    assert.ok((await bytesOf(createDeviceStream(fd))).equals(expected.subarray(1000)));
  });

  it('fails as node:fs does when there is none', async () => {
    const path = folder.path('nothing');
    const [error] = (await once(createDeviceStream(path), 'error')) as [NodeJS.ErrnoException];
    assert.deepEqual([error.code, error.syscall, error.path], ['ENOENT', 'open', path]);
  });

  it('fails with EISDIR for a folder and with EBADF for a descriptor that is not open', async () => {
    const [folderError] = (await once(createDeviceStream(folder.path('.')).resume(), 'error')) as [
      NodeJS.ErrnoException,
    ];
    assert.equal(folderError.code, 'EISDIR');
    const stream = createDeviceStream(1_000_000, { autoClose: false });
    const [error] = (await once(stream.resume(), 'error')) as [NodeJS.ErrnoException];
    assert.deepEqual([error.code, error.syscall], ['EBADF', 'read']);
  });
});
