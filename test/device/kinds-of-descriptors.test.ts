/** The rows of docs/devices.md that no other test shows: what comes, how it ends, what a loss looks like. */
import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { createDeviceStream, type Gap } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { patternBytes } from '../helpers/pattern';
import { bytesOf, closed, until } from '../helpers/waiting';
import { endsMaker, itAsRoot, itOnLinux } from './helpers/ends';

describe('a device stream', () => {
  const folder = temporaryFolder();
  const make = endsMaker(folder);

  async function failureOf(pathOrFd: string | number): Promise<string[]> {
    const [error] = (await once(createDeviceStream(pathOrFd).resume(), 'error')) as [NodeJS.ErrnoException];
    return [error.code as string, error.syscall as string];
  }

  for (const kind of ['pipe', 'stream', 'tcp'] as const) {
    const names = { pipe: 'a pipe', stream: 'a unix stream socket', tcp: 'a TCP connection' };
    itOnLinux(`of ${names[kind]} gives bytes, and ends when the other side has left`, async () => {
      const { near, send, leave } = make(kind);
      const stream = createDeviceStream(near);
      const chunks: string[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
      for (const text of ['one', 'two']) {
        send(text);
        await until(() => chunks.at(-1) === text);
      }
      const ended = once(stream, 'end');
      leave();
      await ended;
      assert.deepEqual(chunks, ['one', 'two']);
    });
  }

  for (const kind of ['master', 'slave'] as const) {
    itOnLinux(`of the ${kind} of a terminal gives bytes, and ends when the other side has hung up`, async () => {
      const { near, send, leave } = make(kind);
      const stream = createDeviceStream(near);
      send('one');
      assert.equal(String(((await once(stream, 'data')) as [Buffer])[0]), 'one');
      const ended = once(stream.resume(), 'end');
      leave();
      await ended;
    });
  }

  itOnLinux('of a pipe in packet mode whose reading end does not say so cannot know what the system cuts', async () => {
    const { near, send, leave } = make('half-direct-pipe');
    for (const text of ['one', 'longer', 'two']) send(text);
    leave();
    assert.equal((await bytesOf(createDeviceStream(near, { slotSize: 4 }))).toString(), 'onelongtwo');
  });

  itOnLinux('of /dev/full gives zeroes without an end', async () => {
    let bytes = 0;
    for await (const chunk of createDeviceStream('/dev/full', { slotSize: 10_000 }) as AsyncIterable<Buffer>) {
      assert.ok(chunk.every((byte) => byte === 0));
      if ((bytes += chunk.length) >= 100_000) break;
    }
  });

  itAsRoot('of /dev/kmsg gives one record for each chunk, and goes on', async () => {
    const stream = createDeviceStream('/dev/kmsg');
    const mark = `a mark of a test, ${process.pid}`;
    let found = false;
    stream.on('data', (record: Buffer) => {
      assert.match(record.toString(), /^\d+,\d+,\d+,[^\n]*;[^\n]*\n( [^\n]*\n)*$/);
      found ||= record.includes(mark);
    });
    await once(stream, 'ready');
    fs.writeFileSync('/dev/kmsg', `<7>${mark}\n`);
    await until(() => found);
    await closed(stream.destroy());
  });

  itOnLinux('of a file in sysfs is read to its end', async () => {
    const file = '/sys/kernel/mm/transparent_hugepage/enabled';
    const path = fs.existsSync(file) ? file : '/sys/kernel/uevent_seqnum';
    assert.equal((await bytesOf(createDeviceStream(path))).toString(), fs.readFileSync(path, 'utf8'));
  });

  for (const blocks of [true, false]) {
    const mode = blocks ? 'blocks' : 'does not block';

    itOnLinux(
      `of a timer that ${mode} gives 8 bytes each time, the number of expirations, and has no end`,
      async () => {
        const stream = createDeviceStream(make('timerfd', blocks).near);
        for (let i = 0; i < 5; i++) {
          const [chunk] = (await once(stream, 'data')) as [Buffer];
          assert.equal(chunk.length, 8);
          assert.ok(chunk.readBigUInt64LE() >= 1n);
        }
        await closed(stream.destroy());
      },
    );

    itOnLinux(`of an event counter that ${mode} gives 8 bytes, what was added since, and has no end`, async () => {
      const { near, send } = make('eventfd', blocks);
      const stream = createDeviceStream(near);
      for (const number of [3n, 4n]) {
        const addend = Buffer.alloc(8);
        addend.writeBigUInt64LE(number);
        send(addend);
        assert.equal(((await once(stream, 'data')) as [Buffer])[0].readBigUInt64LE(), number);
      }
      await closed(stream.destroy());
    });

    itOnLinux(`of inotify that ${mode} gives events as the kernel has them, and has no end`, async () => {
      const stream = createDeviceStream(make('inotify', blocks).near);
      const IN_OPEN = 0x20;
      fs.closeSync(fs.openSync('/dev/null', 'r'));
      const [chunk] = (await once(stream, 'data')) as [Buffer];
      assert.equal(chunk.length % 16, 0);
      assert.equal(chunk.readUInt32LE(4), IN_OPEN);
      await closed(stream.destroy());
    });
  }

  itOnLinux('of a memory file is read from its position to its end', async () => {
    const { near, far } = make('memfd');
    fs.writeSync(far, 'content', 0);
    assert.equal((await bytesOf(createDeviceStream(near))).toString(), 'content');
  });

  itOnLinux('of a message queue gives its state as text and ends: messages need mq_receive()', async () => {
    assert.match((await bytesOf(createDeviceStream(make('mqueue').near))).toString(), /^QSIZE:7 /);
  });

  itAsRoot('of a packet socket gives frames; the system counts what it drops, and says nothing', async () => {
    const { near, send } = make('packet');
    const frame = (name: string): Buffer => {
      const bytes = Buffer.alloc(100, name);
      bytes.writeUInt16BE(0x9000, 12); // ETH_P_LOOPBACK
      return bytes;
    };
    for (const name of 'abcdefgh') send(frame(name));
    const stream = createDeviceStream(near);
    const gaps: Gap[] = [];
    let names = '';
    stream.on('gap', (gap) => gaps.push(gap));
    stream.on('data', (chunk: Buffer) => (names += chunk.toString('latin1', 99)));
    await until(() => names.startsWith('a'));
    while (!names.endsWith('i')) {
      send(frame('i'));
      await until(() => names.includes('i'));
    }
    assert.ok(!names.includes('h'), 'there was no room for all');
    assert.equal(gaps.length, 0);
    await closed(stream.destroy());
  });

  itAsRoot('of a packet socket fails when its interface goes down, after the frames that came before', async () => {
    const { near, send, takeDown } = make('packet');
    const frame = Buffer.alloc(100);
    frame.writeUInt16BE(0x9000, 12);
    send(frame);
    takeDown();
    const stream = createDeviceStream(near);
    let bytes = 0;
    stream.on('data', (chunk: Buffer) => (bytes += chunk.length));
    const [error] = (await once(stream, 'error')) as [NodeJS.ErrnoException];
    assert.equal(error.code, 'ENETDOWN');
    assert.ok(bytes >= 100);
  });

  itOnLinux('of a descriptor that is for writing only fails with EBADF', async () => {
    assert.deepEqual(await failureOf(fs.openSync(folder.path('written'), 'w')), ['EBADF', 'read']);
    assert.deepEqual(await failureOf(fs.openSync('/dev/null', 'w')), ['EBADF', 'read']);
  });

  itAsRoot('of a block device is read to its end', async () => {
    const content = patternBytes(3, 0, 1 << 20);
    const image = folder.write('image', content);
    const device = execFileSync('losetup', ['--find', '--show', '--read-only', image]).toString().trim();
    try {
      assert.ok((await bytesOf(createDeviceStream(device))).equals(content));
    } finally {
      execFileSync('losetup', ['--detach', device]);
    }
  });

  itAsRoot('of a file in an overlay is read to its end', async () => {
    // Not every file system can be below one: a tmpfs can.
    const at = fs.mkdtempSync('/dev/shm/slipring-');
    const layers = ['lower', 'upper', 'work', 'merged'].map((name) => `${at}/${name}`);
    for (const layer of layers) fs.mkdirSync(layer);
    const [lower, upper, work, merged] = layers as [string, string, string, string];
    fs.writeFileSync(`${lower}/file`, 'from below');
    const options = `lowerdir=${lower},upperdir=${upper},workdir=${work}`;
    execFileSync('mount', ['-t', 'overlay', 'overlay', '-o', options, merged]);
    try {
      assert.equal((await bytesOf(createDeviceStream(`${merged}/file`))).toString(), 'from below');
      fs.appendFileSync(`${merged}/file`, ', and above');
      assert.equal((await bytesOf(createDeviceStream(`${merged}/file`))).toString(), 'from below, and above');
    } finally {
      execFileSync('umount', [merged]);
      fs.rmSync(at, { recursive: true });
    }
  });
});
