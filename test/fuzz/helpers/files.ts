/** Regular files, what is none, and files that grow. */
import fs from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  createDeviceStream,
  createReadStream,
  type ProducerStream,
  type ReadStream,
  type ReadStreamOptions,
} from 'slipring';

import type { Options } from './arguments';
import { known, TEXT, unknown, zeros } from './content';
import { mayUseClose, ORDINARY, type MakeOrigin } from './origins';
import { FILE_SIZES, fileOf } from './place';
import type { Random } from './random';

type Create = (from: never, options: never) => ProducerStream;

const make = (create: Create, from: unknown) => (options: unknown) => create(from as never, options as never);

function range(random: Random, size: number): { begin: number; end: number; options: Options } {
  const cache = random.oneIn(4) ? { cache: false } : {};
  if (random.oneIn(2)) return { begin: 0, end: size, options: cache };
  const start = random.below(size + 2);
  const last = start + random.below(size + 2);
  return { begin: start, end: last + 1, options: { ...cache, start, end: random.oneIn(2) ? last : Infinity } };
}

const asPath = (random: Random, name: string): unknown => random.of([name, Buffer.from(name), pathToFileURL(name)]);

/** By its path, a descriptor, or a FileHandle. */
const file: MakeOrigin = async (place, random) => {
  const size = random.of(FILE_SIZES);
  const name = fileOf(place, size);
  const { begin, end, options } = range(random, size);
  const content = known(() =>
    TEXT.subarray(Math.min(begin, size), Math.min(options.end === Infinity ? size : end, size)),
  );
  const common = { ...ORDINARY, text: true, content };
  switch (mayUseClose ? random.below(3) : 0) {
    case 0: {
      const create = make(createReadStream, asPath(random, name));
      return { ...common, name: `file of ${size}`, options, create };
    }
    case 1: {
      const fd = fs.openSync(name, 'r');
      const close = (taken: boolean): unknown => taken || fs.closeSync(fd);
      return {
        ...common,
        name: `descriptor of ${size}`,
        options: { ...options, fd },
        create: make(createReadStream, null),
        close,
      };
    }
    default: {
      const handle = await open(name);
      const poke = (): string => {
        void handle.close();
        return 'close the handle';
      };
      const create = make(createReadStream, null);
      return {
        ...common,
        name: `FileHandle of ${size}`,
        options: { ...options, fd: handle },
        create,
        poke,
        close: () => handle.close(),
      };
    }
  }
};

const fileAsDevice: MakeOrigin = (place, random) => {
  const size = random.of(FILE_SIZES);
  const content = known(() => TEXT.subarray(0, size));
  const create = make(createDeviceStream, asPath(random, fileOf(place, size)));
  return { ...ORDINARY, name: `file of ${size} as a device`, live: true, text: true, content, create };
};

/** What is always there, what cannot be read, and what is not there. */
const odd: MakeOrigin = (place, random) => {
  if (process.platform === 'win32') return undefined;
  const missing = path.join(place.folder, 'missing');
  const name = random.of([
    ...['/dev/zero', '/dev/zero', '/dev/full', '/dev/null', '/dev/urandom', '/proc/self/mountinfo', '/proc/self/mem'],
    ...[place.folder, missing, path.join(fileOf(place, 1), 'below'), `/${'long'.repeat(100)}`, '', 'no\0thing'],
  ]);
  const follow = random.oneIn(4);
  const create = random.oneIn(2) || follow ? createReadStream : createDeviceStream;
  const endless = ['/dev/zero', '/dev/full', '/dev/urandom'].includes(name);
  const content = ['/dev/zero', '/dev/full'].includes(name) ? zeros : unknown;
  const isWrong = name.includes('\0');
  return {
    ...ORDINARY,
    name: `${name.slice(0, 40)} by ${create.name}`,
    options: follow ? { follow, cache: random.oneIn(2) } : {},
    live: create === createDeviceStream,
    endless,
    content,
    mayThrow: isWrong,
    create: isWrong ? make(create, name) : make(create, asPathOf(random, name)),
  };
};

/** No URL of a relative path: that would be another file. */
const asPathOf = (random: Random, name: string): unknown => (path.isAbsolute(name) ? asPath(random, name) : name);

/** Numbers that are nobody's descriptors, descriptors that cannot be read, and what is none. */
const badDescriptor: MakeOrigin = (place, random) => {
  const opened = random.oneIn(2) ? fs.openSync(path.join(place.folder, 'written'), 'w') : undefined;
  const fd = opened ?? random.of([1_000_000, 2 ** 31 - 1, 2 ** 31, -1, 1.5, NaN]);
  const common = { ...ORDINARY, name: `bad descriptor ${fd}`, content: unknown, mayThrow: true };
  const close = (taken: boolean): unknown => taken || opened === undefined || fs.closeSync(opened);
  if (mayUseClose && random.oneIn(2))
    return { ...common, options: { fd }, create: make(createReadStream, null), close };
  return { ...common, live: true, create: make(createDeviceStream, fd), close };
};

/** A file that grows, is replaced, or cut. */
const growing: MakeOrigin = (place, random) => {
  const name = path.join(place.folder, `grows-${random.below(2 ** 31)}`);
  let written = random.of([0, 100, 5000]);
  let rotations = 0;
  let cut = false;
  let stream: ReadStream | undefined;
  fs.writeFileSync(name, TEXT.subarray(0, written));
  const bytes = known(() => TEXT.subarray(0, written), false);
  return {
    ...ORDINARY,
    name: 'a file that is followed',
    options: {
      follow: true,
      cache: random.oneIn(2),
      waitForFile: random.oneIn(2),
      resume: random.of([null, undefined]),
    },
    text: true,
    content: {
      ...bytes,
      matches: (chunk, offset) => cut || bytes.matches(chunk, offset),
      find: (chunk, from) => (cut ? from : bytes.find(chunk, from)),
    },
    create: (options) => (stream = createReadStream(name, options as ReadStreamOptions)),
    poke(what) {
      const more = TEXT.subarray(written, written + what.below(10_000));
      // What it has not opened yet is not its first file.
      const kind = stream?.pending === false ? what.below(8) : undefined;
      if (kind === 0) fs.renameSync(name, `${name}.${++rotations}`);
      if (kind === 1 && what.oneIn(4)) fs.truncateSync(name, 0);
      cut ||= kind === 1;
      fs.appendFileSync(name, more);
      written += more.length;
      return `append ${more.length}${[' behind a rotation', ' behind a truncation'][kind ?? 2] ?? ''}`;
    },
    close() {
      fs.rmSync(name, { force: true });
      for (; rotations > 0; rotations--) fs.rmSync(`${name}.${rotations}`, { force: true });
    },
  };
};

export const fileOrigins: MakeOrigin[] = [file, file, fileAsDevice, odd, badDescriptor, growing];
