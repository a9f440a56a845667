/** What the system says it has lost before it came here: a gap whose length nobody knows, and no end. */
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import fs from 'node:fs';
import { createDeviceStream, type DeviceStream, type DeviceStreamOptions, type Gap } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { closed, turn, until } from '../helpers/waiting';
import { endsMaker, itAsRoot, type Ends } from './helpers/ends';

/** Of a message. The socket has room for two. */
const LENGTH = 100;

const UNKNOWN = { droppedChunks: undefined, droppedBytes: 0 };

describe('what the system has lost', () => {
  const folder = temporaryFolder();
  const make = endsMaker(folder);

  function say(ends: Ends, names: string): void {
    for (const name of names) {
      // The kernel, to whom it goes as well, refuses it.
      assert.throws(() => ends.send(name.repeat(LENGTH)), { code: 'ECONNREFUSED' });
    }
  }

  /** Its messages by their names, and the gaps between them. */
  function told(stream: DeviceStream): (string | Gap)[] {
    const events: (string | Gap)[] = [];
    stream.on('gap', (gap) => events.push(gap));
    stream.on('data', (chunk: Buffer) => events.push(chunk.toString('latin1', 0, 1)));
    return events;
  }

  for (const blocks of [true, false]) {
    itAsRoot(
      `at a netlink socket that ${blocks ? 'blocks' : 'does not block'} is a gap behind what it kept`,
      async () => {
        const ends = make('netlink', blocks);
        say(ends, 'abcd'); // nobody reads yet
        const stream = createDeviceStream(ends.near);
        const events = told(stream);
        await until(() => stream.stats().uncountedLosses === 1);
        for (const name of 'ef') {
          say(ends, name);
          await until(() => events.at(-1) === name);
        }
        assert.deepEqual(events, ['a', 'b', { ...UNKNOWN, sequence: 2 }, 'e', 'f']);
        const { chunksProduced, chunksDelivered, droppedChunks, uncountedLosses } = stream.stats();
        assert.deepEqual([chunksProduced, chunksDelivered, droppedChunks, uncountedLosses], [4, 4, 0, 1]);
        await closed(stream.destroy());
        assert.equal(stream.errored, null);
      },
    );
  }

  itAsRoot('is told where it is, once, while messages come one by one and need no slot', async () => {
    const ends = make('netlink');
    const stream = createDeviceStream(ends.near);
    const events: (number | Gap)[] = [];
    stream.on('gap', (gap) => events.push(gap));
    stream.on('data', (chunk: Buffer) => events.push(Number(chunk)));
    await once(stream, 'ready');
    let sent = 0;
    const send = (): void => {
      assert.throws(() => ends.send(String(sent++).padStart(LENGTH, '0')), { code: 'ECONNREFUSED' });
    };
    /** Until one arrives: there is no room, perhaps, for the first. */
    const sendOne = async (): Promise<void> => {
      const before = sent;
      while (!((events.at(-1) as number) >= before)) {
        send();
        await turn();
      }
    };
    for (let round = 0; round < 50; round++) {
      for (let i = 0; i < 3; i++) await sendOne();
      // More than there is room for, as long as the event loop does not read.
      const before = stream.stats().uncountedLosses;
      while (stream.stats().uncountedLosses === before) {
        for (let i = 0; i < 6; i++) send();
        await turn();
      }
    }
    await sendOne();
    let [next, jumps] = [0, 0];
    for (const [i, event] of events.entries()) {
      const following = typeof event === 'number' ? event : (events[i + 1] as number);
      if (typeof event === 'number' && event > next) jumps++; // nothing was told before it
      // One that comes in the moment in which there is room again may pass the gap.
      if (typeof event !== 'number' && following === next) jumps--;
      next = typeof event === 'number' ? event + 1 : following;
      assert.ok(jumps >= 0, 'a gap where nothing is missing');
    }
    assert.equal(jumps, 0, 'something is missing, and not told');
    assert.equal(events.filter((event) => typeof event === 'number').length, stream.stats().chunksDelivered);
    await closed(stream.destroy());
  });

  for (const overflow of ['drop-oldest', 'drop-newest'] as const) {
    itAsRoot(`is told beside what is dropped here, with ${overflow}`, async () => {
      const ends = make('netlink');
      const stream = createDeviceStream(ends.near, { overflow, slots: 1, slotSize: LENGTH });
      const chunks: string[] = [];
      const gaps: Gap[] = [];
      stream.on('gap', (gap) => gaps.push(gap));
      say(ends, 'abcd');
      await until(() => stream.stats().uncountedLosses === 1);
      say(ends, 'e');
      await until(() => stream.stats().chunksProduced === 3);
      stream.on('data', (chunk: Buffer) => chunks.push(chunk.toString('latin1', 0, 1)));
      await until(() => chunks.length === 1);
      say(ends, 'f');
      await until(() => chunks.length === 2);
      const first = overflow === 'drop-oldest' ? 'e' : 'a';
      assert.deepEqual(chunks, [first, 'f']);
      assert.deepEqual(gaps, [{ droppedChunks: undefined, droppedBytes: 200, sequence: first === 'e' ? 0 : 1 }]);
      assert.equal(stream.stats().droppedChunks, 2);
      await closed(stream.destroy());
    });
  }

  itAsRoot("is ERR_SLIPRING_OVERFLOW with 'strict', after what was kept", async () => {
    const ends = make('netlink');
    say(ends, 'abcd');
    const stream = createDeviceStream(ends.near, { overflow: 'strict' });
    const events = told(stream);
    const [error] = (await once(stream, 'error')) as [NodeJS.ErrnoException];
    assert.equal(error.code, 'ERR_SLIPRING_OVERFLOW');
    assert.deepEqual(events, ['a', 'b', { ...UNKNOWN, sequence: 2 }]);
    await closed(stream);
  });

  itAsRoot('shows in slots(), whose numbers go on', async () => {
    const ends = make('netlink');
    say(ends, 'abcd');
    const stream = createDeviceStream(ends.near);
    const events: unknown[] = [];
    stream.on('gap', (gap) => events.push(gap));
    for await (const { sequence, data } of stream.slots()) {
      events.push([sequence, data.toString('latin1', 0, 1)]);
      if (sequence === 1) {
        await until(() => stream.stats().uncountedLosses === 1);
        say(ends, 'e');
      }
      if (sequence === 2) break;
    }
    assert.deepEqual(events, [[0, 'a'], [1, 'b'], { ...UNKNOWN, sequence: 2 }, [2, 'e']]);
  });

  /** As many at once as the kernel's log takes from one descriptor are ten. */
  function log(count: number): void {
    for (let i = 0; i < count; i += 10) {
      const fd = fs.openSync('/dev/kmsg', 'w');
      for (let j = 0; j < 10; j++) fs.writeSync(fd, `<7>a record of a test ${'x'.repeat(900)}\n`);
      fs.closeSync(fd);
    }
  }

  function openLog(options?: DeviceStreamOptions): DeviceStream {
    log(10);
    return createDeviceStream('/dev/kmsg', options);
  }

  itAsRoot('of the log in /dev/kmsg is a gap before the oldest record that there is', async () => {
    const stream = openLog({ slots: 2 });
    const events: (number | Gap)[] = [];
    const numberOf = (record: Buffer): number => Number(record.toString().split(',')[1]);
    stream.on('gap', (gap) => events.push(gap));
    stream.once('data', (record: Buffer) => (events.push(numberOf(record)), stream.pause()));
    await once(stream, 'pause');
    while (stream.stats().uncountedLosses === 0) {
      log(300);
      // One record for each round: the log is overwritten meanwhile.
      stream.once('data', (record: Buffer) => (events.push(numberOf(record)), stream.pause())).resume();
      await once(stream, 'pause');
    }
    stream.on('data', (record: Buffer) => events.push(numberOf(record))).resume();
    await until(() => typeof events.at(-1) === 'number' && events.some((event) => typeof event !== 'number'));
    const at = events.findIndex((event) => typeof event !== 'number');
    assert.equal((events[at] as Gap).droppedChunks, undefined);
    const [before, after] = [events[at - 1], events[at + 1]] as [number, number];
    assert.ok(after > before + 1, 'the log has numbers of its own, and some are missing');
    await closed(stream.destroy());
    assert.equal(stream.errored, null);
  });

  itAsRoot('never is a record of the log that does not fit: that is EMSGSIZE', async () => {
    const [error] = (await once(openLog({ slotSize: 8 }).resume(), 'error')) as [NodeJS.ErrnoException];
    assert.deepEqual([error.code, error.syscall], ['EMSGSIZE', 'read']);
  });
});
