/** What docs/records.md shows runs as it stands, on real files and FIFOs. */
import { strict as assert } from 'node:assert';
import { execFile } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

import { makeFifo } from '../helpers/fifo';

const root = path.join(__dirname, '..', '..', '..');
const page = readFileSync(path.join(root, 'docs', 'records.md'), 'utf8');
const snippets = [...page.matchAll(/```js\n([^]*?)```/g)].map(([, code]) => code as string);

const SENTENCE = 'GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,';

describe('docs/records.md', () => {
  let folder = '';

  // Inside the package, whose name the examples import.
  before(() => {
    mkdirSync(path.join(root, 'build'), { recursive: true });
    folder = mkdtempSync(path.join(root, 'build', 'records-page-'));
  });

  after(() => {
    rmSync(folder, { recursive: true });
  });

  const inFolder = (name: string): string => path.join(folder, name);

  /** Runs the example that reads this; a device's place takes a FIFO with these bytes. */
  async function run(input: string, bytes?: Buffer): Promise<{ stdout: string; stderr: string }> {
    const [code, ...others] = snippets.filter((snippet) => snippet.includes(`'${input}'`));
    assert.ok(code !== undefined && others.length === 0);
    const file = inFolder(`${path.basename(input)}.mjs`);
    const fifo = inFolder(path.basename(input));
    writeFileSync(file, code.replace(input, bytes ? fifo : input));
    if (bytes) makeFifo(fifo);
    const example = promisify(execFile)(process.execPath, [file], { cwd: folder });
    const [result] = await Promise.all([example, bytes && writeFile(fifo, bytes)]);
    return result;
  }

  it('has five examples', () => {
    assert.equal(snippets.length, 5);
  });

  it('follows a log', async () => {
    writeFileSync(inFolder('app.log'), 'one\nERROR two\nthr');
    appendFileSync(inFolder('app.log'), 'ee ERROR\nshutdown\nERROR after\n');
    assert.deepEqual(await run('app.log'), { stdout: 'ERROR two\nthree ERROR\n', stderr: '' });
  });

  it('reads NMEA sentences, and no damaged ones', async () => {
    const text = `.9,M,,*47\r\n$${SENTENCE}*47\r\n$${SENTENCE}*48\r\n$GPGSV,1,1,00*79\r\n$${SENTENCE}*4`;
    const { stdout, stderr } = await run('/dev/ttyUSB0', Buffer.from(text));
    assert.deepEqual([stdout, stderr], ['123519 4807.038 N 01131.000 E\n', '']);
  });

  it('reads packets of SLIP, and tells of damaged ones', async () => {
    const bytes = Buffer.from('c001dbdc02c0c003db04c005c0', 'hex');
    assert.deepEqual(await run('/dev/ttyACM0', bytes), { stdout: '01c002\n05\n', stderr: '1 damaged\n' });
  });

  it('reads messages behind their lengths', async () => {
    writeFileSync(inFolder('messages.bin'), Buffer.from('03000000aabbcc0000000001000000dd', 'hex'));
    assert.deepEqual(await run('messages.bin'), { stdout: '0 3\n0 0\n0 1\n', stderr: '' });
  });

  it('counts packets of a transport stream', async () => {
    const packet = (pid: number): Buffer => {
      const bytes = Buffer.alloc(188, 0xff);
      bytes.writeUInt32BE(0x47000010 + pid * 0x100);
      return bytes;
    };
    writeFileSync(inFolder('video.ts'), Buffer.concat([packet(0), packet(256), packet(256), packet(8191)]));
    const { stdout } = await run('video.ts');
    assert.equal(stdout, 'Map(3) { 0 => 1, 256 => 2, 8191 => 1 }\n');
  });
});
