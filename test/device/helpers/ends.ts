/** Kernel objects that Node cannot make: test/device/fixtures/ends.c. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

import type { Folder } from '../../helpers/files';
import { onLinux } from '../../helpers/process';
import { itWhere } from '../../helpers/where';

const fixture = path.join(__dirname, '..', '..', '..', '..', 'test', 'device', 'fixtures', 'ends.c');
const HOW = ['-std=gnu11', '-O1', '-fPIC', '-pthread', '-shared', '-Wall', '-Wextra', '-Werror', '-DNAPI_VERSION=8'];

const isRoot = process.geteuid?.() === 0;

export const itOnLinux = itWhere(onLinux, 'Linux has it');
export const itAsRoot = itWhere(onLinux && isRoot, 'only root may, and only on Linux');

export interface Ends {
  /** What is to be read. It is the stream's to close. */
  near: number;
  /** What is to be written to; -1 when there is none. */
  far: number;
  /** Writes to the far end. */
  send: (data: string | Buffer) => void;
  /** Closes the far end. */
  leave: () => void;
  /** Takes the loopback interface down in the network of a packet socket. */
  takeDown: () => void;
}

interface Addon {
  make: (kind: string, blocks: boolean) => [near: number, far: number];
  takeDown: (far: number) => void;
}

let addon: { exports: Addon } | undefined;

/** Call it in a `describe`: a function that makes both ends of an object. What a test leaves open is closed after it. */
export function endsMaker(folder: Folder): (kind: string, blocks?: boolean) => Ends {
  const open = new Set<number>();
  before(() => {
    if (!onLinux || addon) return;
    const library = folder.path('ends.node');
    const headers = path.join(path.dirname(require.resolve('node-api-headers')), 'include');
    execFileSync('cc', [...HOW, '-I', headers, '-o', library, fixture, '-lrt']);
    addon = { exports: {} as Addon };
    process.dlopen(addon, library);
  });
  afterEach(() => {
    for (const far of open) fs.closeSync(far);
    open.clear();
  });
  return (kind, blocks = true) => {
    const { make, takeDown } = (addon as { exports: Addon }).exports;
    const [near, far] = make(kind, blocks);
    if (far >= 0) open.add(far);
    return {
      near,
      far,
      send: (data) => void fs.writeSync(far, data as string),
      leave: () => {
        open.delete(far);
        fs.closeSync(far);
      },
      takeDown: () => takeDown(far),
    };
  };
}
