/** A worker may end at any moment, with plugins at work in it. */
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

import { temporaryFolder } from '../helpers/files';
import { compile, compileForAddon, describeWithCompiler } from './helpers/library';

const TIMES = 10;

/** Ends a worker that runs `code` as soon as it says something. */
async function terminated(code: string, library: string): Promise<void> {
  const workerData = { slipring: require.resolve('slipring'), library };
  const whole = `const { workerData, parentPort } = require('node:worker_threads');
    const { createPluginStream, createStreamFromExternal } = require(workerData.slipring);
    ${code}`;
  const worker = new Worker(whole, { eval: true, workerData });
  await once(worker, 'message');
  assert.equal(await worker.terminate(), 1);
}

describeWithCompiler('terminate() of a worker', () => {
  const folder = temporaryFolder();

  for (const [where, flags] of [
    ['read', []],
    ['wait', ['-DWAITS']],
  ] as const) {
    it(`cancels a plugin that blocks in ${where}`, async () => {
      const library = compile(folder, 'blocking', ...flags);
      const code = "createPluginStream(workerData.library).once('data', () => parentPort.postMessage('blocked'))";
      for (let times = 0; times < TIMES; times++) await terminated(code, library);
    });
  }

  it('ends a source of another addon before what its External holds is freed', async () => {
    const library = compileForAddon(folder, 'addon');
    const code = `const addon = { exports: {} };
      process.dlopen(addon, workerData.library);
      const stream = createStreamFromExternal(addon.exports.tagged(), { slots: 2, slotSize: 100 });
      stream.on('data', () => parentPort.postMessage('flowing'))`;
    for (let times = 0; times < TIMES; times++) await terminated(code, library);
  });
});
