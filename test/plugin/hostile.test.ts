/** What a plugin does that breaks the rules ends in a documented error, and the process ends by itself. */
import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { createPluginStream } from 'slipring';

import { temporaryFolder } from '../helpers/files';
import { onLinux } from '../helpers/process';
import { itWhere } from '../helpers/where';
import { FAILED, REFUSED, run, type HowItEnded } from './helpers/hostile';
import { compile, describeWithCompiler } from './helpers/library';

const onlyOnLinux = itWhere(onLinux, "other systems' loaders look for themselves");

describeWithCompiler('a library that is no plugin', () => {
  const folder = temporaryFolder();

  async function assertRefused(library: string, code: string): Promise<void> {
    assert.deepEqual(await run(library), { ...REFUSED, code });
  }

  const notLoaded: [string, () => string][] = [
    ['that is not there', () => folder.path('missing.so')],
    ['that is no shared library', () => folder.write('text.so', 'This is not a library.')],
    ['that is empty', () => folder.write('empty.so', '')],
    ['that is a folder', () => folder.path('.')],
    ['that calls a function that nobody has', () => compile(folder, 'undefined')],
  ];
  for (const [which, make] of notLoaded) {
    it(`${which} is ERR_SLIPRING_PLUGIN_LOAD`, () => assertRefused(make(), 'ERR_SLIPRING_PLUGIN_LOAD'));
  }

  it('that is a FIFO is ERR_SLIPRING_PLUGIN_LOAD, and nobody waits for its writer', () => {
    execFileSync('mkfifo', [folder.path('fifo.so')]);
    return assertRefused(folder.path('fifo.so'), 'ERR_SLIPRING_PLUGIN_LOAD');
  });

  onlyOnLinux('that is cut short is ERR_SLIPRING_PLUGIN_LOAD, before the loader sees it', async () => {
    const file = readFileSync(compile(folder, 'no-symbol'));
    // Of another processor, so that the loader refuses it, too, and no process comes to harm.
    const [MACHINE, M68K] = [18, 4];
    file.writeUInt16LE(M68K, MACHINE);
    const messages = [file, file.subarray(0, file.length / 2), file.subarray(0, 100)].map(async (bytes, i) => {
      const stream = createPluginStream(folder.write(`cut-${i}.so`, bytes));
      const [{ code, message }] = (await once(stream, 'error')) as [NodeJS.ErrnoException];
      assert.equal(code, 'ERR_SLIPRING_PLUGIN_LOAD');
      return message.includes('cut short');
    });
    assert.deepEqual(await Promise.all(messages), [false, true, true]);
  });

  it('that needs another one, which is not there, is ERR_SLIPRING_PLUGIN_LOAD', () => {
    const needed = compile(folder, 'no-symbol');
    const library = compile(folder, 'table', '-Wl,--no-as-needed', needed);
    rmSync(needed);
    return assertRefused(library, 'ERR_SLIPRING_PLUGIN_LOAD');
  });

  it('without the symbol is ERR_SLIPRING_PLUGIN_SYMBOL', () =>
    assertRefused(compile(folder, 'no-symbol'), 'ERR_SLIPRING_PLUGIN_SYMBOL'));

  for (const version of ['SLIPRING_ABI_VERSION - 1', 'SLIPRING_ABI_VERSION + 1', '0xffffffffu']) {
    it(`of abi_version ${version} is ERR_SLIPRING_PLUGIN_ABI`, () =>
      assertRefused(compile(folder, 'table', `-DABI_VERSION=${version}`), 'ERR_SLIPRING_PLUGIN_ABI'));
  }

  for (const size of ['0', '8', 'SLIPRING_SOURCE_SIZE_1_0 - 1']) {
    it(`of struct_size ${size} is ERR_SLIPRING_PLUGIN_TABLE`, () =>
      assertRefused(compile(folder, 'table', `-DSTRUCT_SIZE=${size}`), 'ERR_SLIPRING_PLUGIN_TABLE'));
  }

  for (const name of ['open', 'read', 'cancel', 'close']) {
    it(`without ${name} is ERR_SLIPRING_PLUGIN_TABLE`, () =>
      assertRefused(compile(folder, 'table', `-D${name.toUpperCase()}=NULL`), 'ERR_SLIPRING_PLUGIN_TABLE'));
  }
});

describeWithCompiler('a plugin that fails', () => {
  const folder = temporaryFolder();

  for (const [where, flags, events] of [
    ['open', [], REFUSED],
    ['read', ['-DFAILS_IN_READ'], FAILED],
    ['wait', ['-DFAILS_IN_WAIT'], FAILED],
  ] as const) {
    const failing = (...more: string[]): Promise<HowItEnded> => run(compile(folder, 'failing', ...flags, ...more));

    it(`in ${where} with an errno gives the code of a system error`, async () => {
      const ended = await failing('-DNUMBER=EIO', '-DSYSCALL="ioctl"', '-DTEXT="unplugged"');
      assert.deepEqual(ended, { ...events, code: 'EIO', syscall: 'ioctl' });
    });

    it(`in ${where} with an errno and nothing else gives its code`, async () => {
      assert.deepEqual(await failing('-DNUMBER=ENODEV'), { ...events, code: 'ENODEV' });
    });

    it(`in ${where} with words is ERR_SLIPRING_SOURCE`, async () => {
      assert.deepEqual(await failing('-DTEXT="no such antenna"'), { ...events, code: 'ERR_SLIPRING_SOURCE' });
    });

    it(`in ${where} without a word is ERR_SLIPRING_SOURCE`, async () => {
      assert.deepEqual(await failing(), { ...events, code: 'ERR_SLIPRING_SOURCE' });
    });

    it(`in ${where} with strings that do not end is ERR_SLIPRING_SOURCE, and no memory behind them is read`, async () => {
      const syscall = 's'.repeat(23);
      assert.deepEqual(await failing('-DENDLESS'), { ...events, code: 'ERR_SLIPRING_SOURCE', syscall });
    });

    it(`in ${where} with a number that is no errno does not pass for an error of slipring`, async () => {
      assert.deepEqual(await failing('-DNUMBER=-1'), { ...events, code: 'ERR_SLIPRING_SOURCE' });
      assert.deepEqual(await failing('-DNUMBER=INT32_MIN'), { ...events, code: 'ERR_SLIPRING_SOURCE' });
      assert.deepEqual(await failing('-DNUMBER=123456'), { ...events, code: 'E123456' });
    });
  }
});

describeWithCompiler('a read that returns what cannot be', () => {
  const folder = temporaryFolder();

  const results: [string, string[]][] = [
    ['one byte more than there was room for', ['-DRESULT=size+1']],
    ['the largest number there is', ['-DRESULT=INT64_MAX']],
    ['-3', ['-DRESULT=-3']],
    ['-7', ['-DRESULT=-7']],
    ['the smallest number there is', ['-DRESULT=INT64_MIN']],
    [
      'a full slot and a record, for whose entry there is no room',
      ['-DRESULT=size', '-DRECORD_COUNT=1', '-DRECORD_SIZE=8'],
    ],
    ['no bytes and a record that is larger than the slot', ['-DRESULT=0', '-DRECORD_COUNT=1', '-DRECORD_SIZE=1001']],
    [
      'no bytes and as many records, as large, as can be said',
      ['-DRESULT=0', '-DRECORD_COUNT=0xffffffff', '-DRECORD_SIZE=0xffffffff'],
    ],
  ];
  for (const [what, flags] of results) {
    it(`(${what}) is ERR_SLIPRING_PLUGIN_RESULT`, async () => {
      const ended = await run(compile(folder, 'result', ...flags));
      assert.deepEqual(ended, { ...FAILED, code: 'ERR_SLIPRING_PLUGIN_RESULT' });
    });
  }
});

describeWithCompiler('a plugin that takes its time', () => {
  const folder = temporaryFolder();

  it('and ignores cancel ends with its read', async () => {
    const { events, code } = await run(compile(folder, 'slow', '-DREAD_MS=50'), 'destroy');
    assert.deepEqual([events, code], [['ready', 'close'], undefined]);
  });

  it('to close does not keep the event loop from turning', async () => {
    const { events, turns } = await run(compile(folder, 'slow', '-DCLOSE_MS=200'), 'destroy');
    assert.deepEqual(events, ['ready', 'close']);
    assert.ok((turns as number) > 5, `${turns}`);
  });

  it('to close is waited for when the process exits', async () => {
    const { events } = await run(compile(folder, 'slow', '-DREAD_MS=20', '-DCLOSE_MS=100'), 'exit');
    assert.deepEqual(events, ['ready']);
  });

  it('and has nothing, for ever, without a way to wait, can be destroyed', async () => {
    const library = compile(folder, 'result', '-DRESULT=SLIPRING_NOTHING');
    const { events, code } = await run(library, 'destroy-ready');
    assert.deepEqual([events, code], [['ready', 'close'], undefined]);
  });

  it('and blocks when the process exits is cancelled', async () => {
    for (const flags of [[], ['-DWAITS']]) {
      const { events } = await run(compile(folder, 'blocking', ...flags), 'exit');
      assert.deepEqual(events, ['ready']);
    }
  });
});
