/** A stream that goes on where another one has left off, whatever has become of the files meanwhile. */
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { createReadStream, type Gap, type Position } from 'slipring';

import { temporaryFolder, type Folder } from '../helpers/files';
import { closed } from '../helpers/waiting';
import { describeWhere, itWhere, onWindows } from '../helpers/where';
import { Reading } from './helpers/reading';
import { tick } from './helpers/tick';

/** As logrotate does it. */
export function rotate(file: string, most = 9): void {
  for (let number = most; number > 0; number--) {
    const from = number === 1 ? file : `${file}.${number - 1}`;
    if (fs.existsSync(from)) fs.renameSync(from, `${file}.${number}`);
  }
}

const bare = ({ droppedChunks, reason, files }: Gap): unknown => ({ droppedChunks, reason, files });

/** Tests in one folder. */
function inFolder(folder: Folder): void {
  let files = 0;
  const log = (text: string): string => folder.write(`log-${files++}.txt`, text);

  async function begin(file: string, text: string): Promise<Reading> {
    const reading = new Reading(file);
    await reading.reach(text);
    assert.equal(reading.text, text);
    tick(file);
    return reading;
  }

  async function reaches(reading: Reading, text: string, live?: () => void): Promise<void> {
    await reading.reach(text, live);
    assert.equal(reading.text, text);
    assert.deepEqual(reading.gaps, []);
  }

  async function losesUntil(reading: Reading, rest: string, reason: Gap['reason'], lost = 1): Promise<void> {
    const { position } = reading;
    await reading.read(() => reading.gaps.length > 0 && reading.text.length >= rest.length);
    assert.equal(reading.text, rest);
    assert.deepEqual(reading.gaps.map(bare), [{ droppedChunks: 0, reason, files: lost }]);
    assert.equal(reading.gaps[0]?.position?.file, position?.file);
    assert.equal(reading.gaps[0]?.position?.offset, position?.offset);
  }

  it('reads on in the file at the path, in the middle, and what is appended', async () => {
    const file = log('one, ');
    const reading = await begin(file, 'one, ');
    fs.appendFileSync(file, 'two, ');
    await reaches(reading, 'one, two, ');
    await reaches(reading, 'one, two, three', () => fs.appendFileSync(file, 'three'));
  });

  it('keeps the name of the file, also when it was shorter before', async () => {
    const file = log('a');
    const reading = await begin(file, 'a');
    const before = reading.position?.file;
    fs.appendFileSync(file, 'b'.repeat(1000));
    await reaches(reading, `a${'b'.repeat(1000)}`);
    assert.equal(reading.position?.file, before);
  });

  it('goes through the files of three rotations, and one that comes meanwhile', async () => {
    const file = log('zero, ');
    const reading = await begin(file, 'zero, ');
    fs.appendFileSync(file, 'more, ');
    for (const text of ['one, ', 'two, ', 'three, ']) {
      rotate(file);
      fs.writeFileSync(file, text);
    }
    await reaches(reading, 'zero, more, one, two, three, four', () => {
      rotate(file);
      fs.writeFileSync(file, 'four');
    });
  });

  it('reads on when nothing is at the path yet', async () => {
    const file = log('old, ');
    const reading = await begin(file, 'old, ');
    fs.appendFileSync(file, 'rest, ');
    rotate(file);
    await reaches(reading, 'old, rest, ');
    await reaches(reading, 'old, rest, new', () => fs.writeFileSync(file, 'new'));
  });

  it('finds a file that was renamed although another took its name, whatever both are called', async () => {
    const file = log('mine, ');
    const reading = await begin(file, 'mine, ');
    fs.appendFileSync(file, 'rest, ');
    fs.renameSync(file, folder.path(`elsewhere-${files}`));
    fs.writeFileSync(file, 'another');
    await reaches(reading, 'mine, rest, another');
  });

  it('knows names with dates, and those with a number before the ending', async () => {
    for (const names of [
      ['app-20261129.log', 'app-20261130.log'],
      ['app.log-2026-11-29', 'app.log-2026-11-30T01:00:00Z'],
      ['app.1.log', 'app.2.log'],
    ]) {
      fs.mkdirSync(folder.path(`dated-${++files}`));
      const inside = (name: string): string => path.join(folder.path(`dated-${files}`), name);
      fs.writeFileSync(inside('app.log'), '1');
      const reading = await begin(inside('app.log'), '1');
      for (const [index, name] of names.entries()) {
        fs.renameSync(inside('app.log'), inside(name));
        fs.writeFileSync(inside('app.log'), String(index + 2));
      }
      for (const stranger of ['app-error.log', 'app.log.lock', 'app.logs', 'other.log'])
        fs.writeFileSync(inside(stranger), 'x');
      await reaches(reading, '123');
    }
  });

  it('is not fooled by a file that got the number of one that was deleted', async () => {
    const file = log('the same');
    const reading = await begin(file, 'the same');
    fs.rmSync(file);
    fs.writeFileSync(file, 'the same, and more');
    await losesUntil(reading, 'the same, and more', 'gone');
  });

  it('goes on with the oldest later one when its own is gone', async () => {
    const file = log('zero, ');
    const reading = await begin(file, 'zero, ');
    for (const text of ['one, ', 'two, ']) {
      rotate(file);
      fs.writeFileSync(file, text);
    }
    fs.rmSync(`${file}.2`);
    await losesUntil(reading, 'one, two, ', 'gone');
  });

  it('tells of a file that is missing in the numbers', async () => {
    const file = log('zero, ');
    const reading = await begin(file, 'zero, ');
    fs.appendFileSync(file, 'more, ');
    for (const text of ['one, ', 'two, ', 'three, ']) {
      rotate(file);
      fs.writeFileSync(file, text);
    }
    fs.rmSync(`${file}.2`);
    await reading.read(() => reading.text.endsWith('three, '));
    assert.deepEqual(reading.pieces.join('|'), 'zero, |more, ||two, |three, ');
    assert.deepEqual(reading.gaps.map(bare), [{ droppedChunks: 0, reason: undefined, files: 1 }]);
  });

  it('says so when it was compressed', async () => {
    const file = log('zero, ');
    const reading = await begin(file, 'zero, ');
    rotate(file);
    fs.writeFileSync(file, 'one, ');
    rotate(file);
    fs.writeFileSync(file, 'two, ');
    fs.writeFileSync(`${file}.2.gz`, zlib.gzipSync(fs.readFileSync(`${file}.2`)));
    fs.rmSync(`${file}.2`);
    await losesUntil(reading, 'one, two, ', 'compressed');
  });

  it('begins anew in a file that was cut, and filled with more than there was', async () => {
    const file = log('a line of before\n');
    const reading = await begin(file, 'a line of before\n');
    fs.truncateSync(file);
    fs.appendFileSync(file, 'a line of now, which is longer\n');
    await losesUntil(reading, 'a line of now, which is longer\n', 'cut');
  });

  it('notices that a file was filled anew that begins as it did', async () => {
    const header = 'time,name,value of everything that is measured here\n'.repeat(6);
    const file = log(`${header}1,a,1\n`);
    const reading = await begin(file, `${header}1,a,1\n`);
    fs.truncateSync(file);
    fs.appendFileSync(file, `${header}2,b,2\n3,c,3\n`);
    await losesUntil(reading, `${header}2,b,2\n3,c,3\n`, 'cut');
  });

  it('finds what was read in the copy that copytruncate has made, and loses nothing', async () => {
    const file = log('a line of the first file\n');
    const reading = await begin(file, 'a line of the first file\n');
    const all = ['a line of the first file\n'];
    for (const text of ['rest of it\n', 'all of the second\n', 'all of the third\n']) {
      fs.appendFileSync(file, text);
      for (let number = 5; number > 1; number--) {
        if (fs.existsSync(`${file}.${number - 1}`)) fs.renameSync(`${file}.${number - 1}`, `${file}.${number}`);
      }
      fs.copyFileSync(file, `${file}.1`);
      fs.truncateSync(file);
      all.push(text);
    }
    fs.appendFileSync(file, 'and now');
    await reaches(reading, `${all.join('')}and now`);
  });

  it("fails with 'error', and says what was lost", async () => {
    const file = log('gone');
    const { position } = await begin(file, 'gone');
    fs.rmSync(file);
    fs.writeFileSync(file, 'new');
    const stream = createReadStream(file, { follow: true, resume: position, onLost: 'error' });
    const [error] = (await once(stream, 'error')) as [NodeJS.ErrnoException & { reason: string; position: Position }];
    assert.deepEqual([error.code, error.reason], ['ERR_SLIPRING_RESUME', 'gone']);
    assert.equal(error.position.offset, 4);
    await closed(stream);
  });

  it('is ENOENT when nothing is there at all, unless it may wait', async () => {
    const file = log('gone');
    const reading = await begin(file, 'gone');
    fs.rmSync(file);
    const stream = createReadStream(file, { follow: true, resume: reading.position });
    const [error] = (await once(stream, 'error')) as [NodeJS.ErrnoException];
    assert.equal(error.code, 'ENOENT');
    const waiting = new Reading(file, { waitForFile: true });
    waiting.position = reading.position;
    await waiting.read(
      ({ text }) => text === 'new',
      () => fs.writeFileSync(file, 'new'),
    );
    assert.deepEqual(waiting.gaps.map(bare), [{ droppedChunks: 0, reason: 'gone', files: 1 }]);
  });

  it('survives JSON', async () => {
    const file = log('kept, ');
    const reading = await begin(file, 'kept, ');
    reading.position = JSON.parse(JSON.stringify(reading.position)) as Position;
    fs.appendFileSync(file, 'read');
    await reaches(reading, 'kept, read');
  });
}

describe('a stream that is resumed', () => {
  const folder = temporaryFolder();

  inFolder(folder);

  itWhere(!onWindows, 'there are no such links there')('goes on behind a link to a folder of dated files', async () => {
    fs.mkdirSync(folder.path('real'));
    const dated = (day: number): string => path.join(folder.path('real'), `app-2026-11-${day}.log`);
    const link = folder.path('current');
    fs.writeFileSync(dated(28), '28, ');
    fs.symlinkSync(dated(28), link);
    const reading = new Reading(link);
    await reading.reach('28, ');
    for (const day of [29, 30]) {
      fs.writeFileSync(dated(day), `${day}, `);
      fs.rmSync(link);
      fs.symlinkSync(dated(day), link);
    }
    await reading.reach('28, 29, 30, ');
    assert.equal(reading.text, '28, 29, 30, ');
    assert.deepEqual(reading.gaps, []);
  });
});

const inMemory = process.platform === 'linux' && fs.existsSync('/dev/shm');
describeWhere(inMemory, 'no file system in memory is there')('a stream that is resumed in memory', () => {
  let root = '';
  before(() => (root = fs.mkdtempSync('/dev/shm/slipring-')));
  after(() => fs.rmSync(root, { recursive: true }));
  const at = (name: string): string => path.join(root, name);
  const write = (name: string, content: string | Uint8Array): string => {
    fs.writeFileSync(at(name), content);
    return at(name);
  };
  inFolder({ path: at, write, fill: () => '', fifo: () => '' });
});
