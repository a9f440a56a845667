/** Where the bytes come from and go to: temporary files that are gone when the benchmark is. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { content } from './content.mjs';

const MIB = 1024 * 1024;
const SHARED_MEMORY = '/dev/shm';

const FILE_SYSTEMS = new Map([
  [0x01021994, 'tmpfs'],
  [0xef53, 'ext4'],
  [0x58465342, 'xfs'],
  [0x9123683e, 'btrfs'],
  [0x794c7630, 'overlayfs'],
]);

function fileSystemOf(directory) {
  const { type } = fs.statfsSync(directory);
  return FILE_SYSTEMS.get(type) ?? `file system 0x${type.toString(16)}`;
}

function hasRoomFor(bytes, directory) {
  try {
    const { bavail, bsize } = fs.statfsSync(directory);
    return bavail * bsize > bytes * 1.1;
  } catch {
    return false;
  }
}

export class Workspace {
  #inputs = new Map();
  #inputDirectory = fs.mkdtempSync(path.join(os.tmpdir(), 'slipring-bench-'));
  #outputDirectory;

  /** `bytes`: how much the outputs may take at a time. */
  constructor(bytes) {
    const parent = hasRoomFor(bytes, SHARED_MEMORY) ? SHARED_MEMORY : os.tmpdir();
    this.#outputDirectory = fs.mkdtempSync(path.join(parent, 'slipring-bench-'));
  }

  get inputOn() {
    return fileSystemOf(this.#inputDirectory);
  }

  get outputOn() {
    return fileSystemOf(this.#outputDirectory);
  }

  /** An input file of so many bytes, of a kind of lib/content.mjs, in the page cache. */
  input(bytes, kind = 'digits') {
    const name = `${kind}-${bytes}`;
    let file = this.#inputs.get(name);
    if (file === undefined) {
      file = path.join(this.#inputDirectory, name);
      this.#write(file, bytes, content[kind]());
      this.#inputs.set(name, file);
    }
    this.#readOnce(file);
    return file;
  }

  /** A folder for outputs, empty now. */
  outputs() {
    const folder = path.join(this.#outputDirectory, 'outputs');
    fs.rmSync(folder, { recursive: true, force: true });
    fs.mkdirSync(folder);
    return folder;
  }

  /** Where an output file may be written. There is none now. */
  output() {
    const file = path.join(this.#outputDirectory, 'output');
    fs.rmSync(file, { force: true });
    return file;
  }

  socket() {
    const file = path.join(this.#outputDirectory, 'socket');
    fs.rmSync(file, { force: true });
    return file;
  }

  remove() {
    for (const directory of [this.#inputDirectory, this.#outputDirectory]) {
      fs.rmSync(directory, { recursive: true, force: true });
    }
  }

  #write(file, bytes, block) {
    const fd = fs.openSync(file, 'wx');
    for (let left = bytes; left > 0; left -= block.length) fs.writeSync(fd, block, 0, Math.min(block.length, left));
    // Writing it to the disk later would take time from somebody's run.
    fs.fsyncSync(fd);
    fs.closeSync(fd);
  }

  #readOnce(file) {
    const block = Buffer.allocUnsafe(MIB);
    const fd = fs.openSync(file);
    while (fs.readSync(fd, block) > 0);
    fs.closeSync(fd);
  }
}
