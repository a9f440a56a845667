/** The options of `fs.createReadStream`, of every type: accepted and refused as Node does, but for what is listed. */
import { strict as assert } from 'node:assert';
import { createReadStream } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { assertSameAsNode, describeError, describeThrow, nodes, ours, type Create } from '../helpers/twins';
import { values, valuesBut } from '../helpers/values';
import { closed } from '../helpers/waiting';

/** What creating a stream throws, if anything. The stream itself is not used. */
function creation(create: Create, path: unknown, options?: unknown): unknown {
  return describeThrow(() =>
    create(path, options)
      .on('error', () => undefined)
      .destroy(),
  );
}

describe('the options of createReadStream, compared with those of node:fs', () => {
  const folder = temporaryFolder();
  let file = '';
  before(() => {
    file = folder.fill('file', 1000);
  });

  for (const [name, value] of Object.entries(values)) {
    it(`accept or refuse ${name} as path, start and signal in the same way`, async () => {
      await assertSameAsNode((create) => creation(create, value));
      await assertSameAsNode((create) => creation(create, file, { start: value }));
      await assertSameAsNode((create) => creation(create, file, { signal: value }));
    });
  }

  it('accept or refuse a value of every type in place of the options in the same way', async () => {
    for (const [, value] of valuesBut('an empty string')) {
      await assertSameAsNode((create) => creation(create, file, value));
    }
  });

  it('accept or refuse an end of every type in the same way', async () => {
    for (const [, value] of valuesBut('null')) {
      await assertSameAsNode((create) => creation(create, file, { end: value }));
    }
  });

  it('accept or refuse a highWaterMark of every type in the same way, but for 0 and what no slot can hold', async () => {
    for (const [, value] of valuesBut('0', '-0', '2^31', '2^32', '2^53')) {
      await assertSameAsNode((create) => creation(create, file, { highWaterMark: value }));
    }
  });

  it('accept or refuse an encoding of every type in the same way, but for false values', async () => {
    for (const [, value] of valuesBut('false', '0', '-0', 'NaN', 'an empty string')) {
      await assertSameAsNode((create) => creation(create, file, { encoding: value }));
    }
  });

  it('accept or refuse an fd of every type in the same way', async () => {
    for (const [, value] of valuesBut('0', '-0', '1')) {
      await assertSameAsNode((create) => creation(create, file, { fd: value }));
    }
  });

  it('accept or refuse combinations of start and end in the same way', async () => {
    const numbers = [undefined, 0, 1, 5, 2 ** 53 - 1, Infinity];
    for (const start of numbers) {
      for (const end of numbers) await assertSameAsNode((create) => creation(create, file, { start, end }));
    }
  });

  it('refuse a path with a null byte, a URL that is no file, and a URL with an encoded slash in the same way', async () => {
    const paths = ['a\0b', Buffer.from('a\0b'), new URL('http://localhost/'), new URL('file:///a%2fb')];
    for (const path of paths) {
      assert.notEqual(await assertSameAsNode((create) => creation(create, path)), 'nothing');
    }
  });

  const flags = 'r rs sr r+ rs+ sr+ w wx xw w+ wx+ xw+ a ax xa as sa a+ ax+ xa+ as+ sa+'.split(' ');
  it('open with every flag that node:fs knows, and to the same end', async () => {
    for (const flag of flags) {
      await assertSameAsNode(async (create) => {
        const stream = create(folder.write(`flag-${flag}`, 'content'), { flags: flag });
        const chunks: unknown[] = [];
        stream.on('data', (chunk) => chunks.push(chunk.toString()));
        await closed(stream);
        return [chunks, stream.errored && describeError(stream.errored)];
      });
    }
  });

  it('give a new file the same mode', async () => {
    for (const mode of [undefined, null, 0o600, 0o444, '640', '0644']) {
      await assertSameAsNode(async (create) => {
        const { statSync, rmSync } = await import('node:fs');
        const path = folder.path('created');
        await closed(create(path, { flags: 'a+', mode }).resume());
        const { mode: given } = statSync(path);
        rmSync(path);
        return given;
      });
    }
  });

  it('read the same ranges', async () => {
    const edges = [undefined, 0, 1, 99, 100, 101, 998, 999, 1000, 1001, 5000];
    for (const start of edges) {
      for (const end of edges) {
        if (start !== undefined && end !== undefined && start > end) continue;
        await assertSameAsNode(async (create) =>
          Buffer.concat((await create(file, { start, end, highWaterMark: 100 }).toArray()) as Buffer[]),
        );
      }
    }
  });

  it('read a range of a file without a start from its beginning', async () => {
    const chunks = (await createReadStream(file, { end: 9 }).toArray()) as Buffer[];
    assert.equal(Buffer.concat(chunks).length, 10);
  });

  it("hand a stream with the 'fs' option to Node, since its functions are JavaScript", async () => {
    const calls: string[] = [];
    const { open, read, close } = await import('node:fs');
    const spy =
      (name: string, call: (...args: never[]) => unknown) =>
      (...args: unknown[]) => {
        calls.push(name);
        return call(...(args as never[]));
      };
    const own = { open: spy('open', open), read: spy('read', read), close: spy('close', close) };
    const stream = createReadStream(file, { fs: own });
    assert.ok(stream instanceof (await import('node:fs')).ReadStream);
    await closed(stream.resume());
    assert.deepEqual([...new Set(calls)], ['open', 'read', 'close']);
  });

  it('may be left out, null or undefined', async () => {
    for (const options of [undefined, null, {}]) {
      const stream = createReadStream(file, options);
      assert.equal((await stream.toArray()).length, 1);
    }
    assert.equal(await assertSameAsNode((create) => creation(create, file)), 'nothing');
    assert.equal(
      creation(ours, file, () => undefined),
      creation(nodes, file, () => undefined),
    );
  });
});
