/** The example alsa-capture: what it records, beside arecord; and what a device may do to it. */
import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createPluginStream, type Gap, type PluginStream } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { bytesOf, closed, parked, until } from '../helpers/waiting';
import { promised } from '../helpers/promised';
import { builtExample } from './helpers/build';
import { describeExample } from './helpers/needs';

const tapeSource = path.join(__dirname, '..', '..', '..', 'test', 'gallery', 'fixtures', 'tape.c');
const FRAMES = 100_000;
const RATE = 48_000;
/** How many frames the tape has at once. */
const TAPE_FRAMES = 2400;

const packages = {
  'libasound2-dev': '/usr/include/alsa/asoundlib.h',
  'libjansson-dev': '/usr/include/jansson.h',
  'alsa-utils': 'arecord',
};

describeExample(packages)('the example alsa-capture', () => {
  const folder = temporaryFolder();
  const example = builtExample('alsa-capture');
  const configBefore = process.env.ALSA_CONFIG_PATH;
  let played = '';

  before(() => {
    played = folder.fill('played.raw', FRAMES * 4);
    const tape = folder.path('tape.so');
    execFileSync('cc', [
      '-shared',
      '-fPIC',
      '-DPIC',
      '-Wall',
      '-Wextra',
      '-Werror',
      '-o',
      tape,
      tapeSource,
      '-lasound',
    ]);
    const pcms = ['silence', 'overrun', 'unplugged'].map(
      (then) => `pcm.${then} { type tape frames ${TAPE_FRAMES} then "${then}" }`,
    );
    const file = `pcm.played { type file slave.pcm { type null } file /dev/null infile "${played}" format raw }`;
    const config = [`pcm_type.tape { lib "${tape}" }`, ...pcms, file].join('\n');
    process.env.ALSA_CONFIG_PATH = folder.write('asound.conf', config);
  });

  after(() => {
    if (configBefore === undefined) delete process.env.ALSA_CONFIG_PATH;
    else process.env.ALSA_CONFIG_PATH = configBefore;
  });

  function capture(config: object): PluginStream {
    return createPluginStream(example.path('alsa-capture.so'), { config });
  }

  function arecord(type: 'raw' | 'wav', frames: number): Buffer {
    const file = folder.path(`arecord.${type}`);
    const format = ['-f', 'S16_LE', '-r', String(RATE), '-c', '2', '-t', type];
    execFileSync('arecord', ['-q', '-D', 'played', ...format, '-s', String(frames), file]);
    return readFileSync(file);
  }

  /** So many frames of the tape, from a number on. */
  function taped(from: number): Buffer {
    return Buffer.from(Int16Array.from({ length: TAPE_FRAMES }, (_, i) => from + i).buffer);
  }

  it('captures the same frames as arecord', async () => {
    for (const [frames, latency] of [
      [1, 500],
      [6000, 500],
      [FRAMES - 1, 500],
      // ALSA's buffer is smaller than a slot.
      [FRAMES, 20],
    ] as const) {
      const captured = await bytesOf(capture({ device: 'played', frames, latency }));
      assert.ok(captured.equals(readFileSync(played).subarray(0, frames * 4)));
      assert.ok(captured.equals(arecord('raw', frames)));
    }
  });

  it('fills no slot with a part of a frame', async () => {
    const config = { device: 'played', frames: 1000 };
    const stream = createPluginStream(example.path('alsa-capture.so'), { slotSize: 1023, config });
    const lengths: number[] = [];
    for await (const chunk of stream) lengths.push((chunk as Buffer).length);
    assert.deepEqual(lengths, [1020, 1020, 1020, 940]);
  });

  it('says of each chunk when its first frame was captured', async () => {
    const before = process.hrtime.bigint();
    const stream = capture({ device: 'silence', channels: 1 });
    for await (const slot of stream.slots()) {
      assert.ok(slot.data.equals(taped(0)));
      // The tape has all of its frames by now: this is how long ago the first was the newest.
      const age = (BigInt(TAPE_FRAMES) * 1_000_000_000n) / BigInt(RATE);
      const captured = slot.timestamp + age;
      assert.ok(before <= captured && captured <= process.hrtime.bigint());
      break;
    }
  });

  it('is cancelled at once while it waits for sound', async () => {
    const stream = capture({ device: 'silence', channels: 1 });
    await once(stream, 'data');
    const began = performance.now();
    await closed(stream.destroy());
    assert.ok(performance.now() - began < promised(100));
    assert.equal(stream.errored, null);
  });

  it('ends with its last frame also when the ring was full by then and the device is silent', async () => {
    const config = { device: 'silence', channels: 1, frames: TAPE_FRAMES };
    const stream = createPluginStream(example.path('alsa-capture.so'), { slots: 2, slotSize: TAPE_FRAMES, config });
    await parked(stream);
    assert.ok((await bytesOf(stream)).equals(taped(0)));
  });

  it('goes on after an overrun, with a gap where frames are missing', async () => {
    const stream = capture({ device: 'overrun', channels: 1, frames: 2 * TAPE_FRAMES });
    const told: (Gap | Buffer)[] = [];
    stream.on('gap', (gap) => told.push(gap));
    stream.on('data', (chunk: Buffer) => told.push(chunk));
    await once(stream, 'end');
    assert.deepEqual(told, [taped(0), { droppedChunks: 1, droppedBytes: 0, sequence: 1 }, taped(TAPE_FRAMES)]);
  });

  it('fails with ENODEV when the device is unplugged, after all that came before', async () => {
    const stream = capture({ device: 'unplugged', channels: 1 });
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    await assert.rejects(once(stream, 'end'), { code: 'ENODEV', syscall: 'snd_pcm_readi' });
    assert.deepEqual(chunks, [taped(0)]);
  });

  it('refuses what it cannot open, each with its code', async () => {
    for (const [config, code, syscall] of [
      [{ device: 'nowhere' }, 'ENOENT', 'snd_pcm_open'],
      [{ device: 'played', rate: 0 }, 'EINVAL', 'snd_pcm_set_params'],
      [{ device: 'silence', channels: 2 }, 'EINVAL', 'snd_pcm_set_params'],
      [{ device: 'played', format: 'loud' }, 'EINVAL', 'snd_pcm_format_value'],
      [{ device: 7 }, 'EINVAL', 'config'],
      [[], 'EINVAL', 'config'],
    ] as const) {
      await assert.rejects(once(capture(config), 'ready'), { code, syscall });
    }
  });

  it('records the .wav file that arecord records', async () => {
    const wav = folder.path('recorded.wav');
    const ended = await example.run('--device', 'played', '--seconds', '2', wav);
    assert.deepEqual(ended, { code: 0, signal: null, stdout: `${wav}: ${2 * RATE} frames\n`, stderr: '' });
    assert.ok(readFileSync(wav).equals(arecord('wav', 2 * RATE)));
  });

  it('leaves a whole .wav file when it is stopped with Ctrl-C', async () => {
    const wav = folder.path('stopped.wav');
    const { child, ended } = example.start('--device', 'silence', '--channels', '1', wav);
    await until(() => existsSync(wav) && readFileSync(wav).length > 44);
    child.kill('SIGINT');
    const stdout = `${wav}: ${TAPE_FRAMES} frames\n`;
    assert.deepEqual(await ended, { code: 0, signal: null, stdout, stderr: '' });
    const bytes = readFileSync(wav);
    assert.equal(bytes.readUInt32LE(40), TAPE_FRAMES * 2);
    assert.ok(bytes.subarray(44).equals(taped(0)));
  });

  it('says what is wrong with a device, makes no file, and exits', async () => {
    const wav = folder.path('never.wav');
    const { code, stderr } = await example.run('--device', 'nowhere', wav);
    assert.equal(code, 1);
    // All of it is from main.mjs: ALSA itself has printed nothing.
    assert.match(stderr, /^alsa-capture: ENOENT.*\n$/);
    assert.ok(!existsSync(wav));
  });
});
