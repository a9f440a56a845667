/** The properties of a file stream, against those of `fs.createReadStream`. */
import { strict as assert } from 'node:assert';
import fs, { type ReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { createReadStream } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { assertSameAsNode, type Create } from '../helpers/twins';
import { closed, parked, until } from '../helpers/waiting';

function properties(stream: ReadStream): Record<string, unknown> {
  const { path, flags, mode, start, end, fd, autoClose, pending, bytesRead, readableHighWaterMark } =
    stream as ReadStream & Record<'flags' | 'mode' | 'start' | 'end' | 'fd' | 'autoClose', unknown>;
  const { readableEncoding, readableObjectMode, readableLength } = stream;
  const isPath = typeof path === 'string' ? 'text' : Buffer.isBuffer(path) ? 'buffer' : typeof path;
  return {
    // Where a descriptor is given, these mean nothing.
    ...(path !== undefined && { path: String(path), isPath, flags, mode }),
    ...{ start, end, isOpen: typeof fd === 'number', autoClose, pending },
    ...{ bytesRead, readableHighWaterMark, readableEncoding, readableObjectMode, readableLength },
  };
}

describe('the properties of a file stream, compared with those of node:fs', () => {
  const folder = temporaryFolder();
  let file = '';
  before(() => {
    file = folder.fill('file', 100_000);
  });

  /** The properties when it was created, when it opened, and when it closed. */
  async function life(create: Create, path: unknown, options?: unknown): Promise<unknown[]> {
    const stream = create(path, options);
    const seen = [properties(stream)];
    stream.on('ready', () => seen.push(properties(stream)));
    stream.resume();
    await closed(stream);
    return [...seen, properties(stream)];
  }

  const given: Record<string, [path: () => unknown, options: object]> = {
    'a path': [() => file, { highWaterMark: 1000 }],
    'a Buffer as path': [() => Buffer.from(file), { highWaterMark: 1000 }],
    'a URL as path': [() => pathToFileURL(file), { highWaterMark: 1000 }],
    'a range': [() => file, { highWaterMark: 1000, start: 10, end: 20 }],
    'flags and mode': [() => file, { highWaterMark: 700, flags: 'a+', mode: 0o600 }],
    'flags as a number': [() => file, { highWaterMark: 700, flags: fs.constants.O_RDONLY }],
    'an encoding': [() => file, { highWaterMark: 1000, encoding: 'hex' }],
    autoClose: [() => file, { highWaterMark: 1000, autoClose: true }],
  };
  for (const [name, [path, options]] of Object.entries(given)) {
    it(`are the same with ${name}`, () => assertSameAsNode((create) => life(create, path(), options)));
  }

  it('are the same for a descriptor', () =>
    assertSameAsNode((create) => life(create, null, { fd: fs.openSync(file, 'r'), highWaterMark: 1000 })));

  it('are the same for a FileHandle', () =>
    assertSameAsNode(async (create) => life(create, null, { fd: await open(file), highWaterMark: 1000 })));

  it('have the names that Node has', async () => {
    const our = createReadStream(file);
    const their = fs.createReadStream(file);
    for (const name of ['path', 'fd', 'bytesRead', 'pending', 'close', 'flags', 'mode', 'start', 'end', 'autoClose']) {
      assert.ok(name in their && name in our, name);
    }
    await Promise.all([closed(our.destroy()), closed(their.destroy())]);
  });

  it('count in bytesRead what was handed over, not what was read ahead', async () => {
    const stream = createReadStream(file, { slots: 4, slotSize: 1000 });
    await parked(stream);
    assert.equal(stream.bytesRead, 0);
    stream.once('data', () => stream.pause());
    await until(() => stream.bytesRead > 0);
    // One chunk given, and one that waits in the Readable's queue at most.
    assert.ok(stream.bytesRead <= 2000);
    const { bytesRead } = stream;
    await closed(stream.destroy());
    assert.equal(stream.bytesRead, bytesRead);
  });
});
