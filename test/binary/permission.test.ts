/** Node's permission model: an addon must not be a way around it. Each test is a process that was started with it. */
import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';

import { temporaryFolder } from '../helpers/files';
import { describeWhere, onWindows } from '../helpers/where';

const FLAG = ['--permission', '--experimental-permission'].find((flag) =>
  process.allowedNodeEnvironmentFlags.has(flag),
);
/** Older versions of the model let everybody use the network. */
const guardsNetwork = process.allowedNodeEnvironmentFlags.has('--allow-net');
const packageRoot = path.dirname(require.resolve('slipring/package.json'));

describeWhere(FLAG !== undefined && !onWindows, 'this runtime has no permission model')('the permission model', () => {
  const folder = temporaryFolder();
  let allowed = '';

  /** What `script` prints when only the package and the folder `allowed` may be read. */
  function run(script: string, flags: string[] = []): unknown[] {
    const permitted = [packageRoot, allowed].map((file) => `--allow-fs-read=${file}`);
    const program = `
      const slipring = require(${JSON.stringify(packageRoot)});
      const fs = require('node:fs');
      const seen = (stream) => {
        const events = [];
        stream.on('error', ({ code, permission, resource }) => events.push([code, permission, resource]));
        stream.on('data', (chunk) => events.push(String(chunk.data ?? chunk)));
        return new Promise((done) => stream.once('close', () => done(events)));
      };
      (async () => { ${script} })().then((value) => console.log(JSON.stringify(value)));`;
    const given = [FLAG as string, '--allow-addons', '--no-warnings', ...permitted, ...flags, '-e', program];
    return JSON.parse(execFileSync(process.execPath, given, { encoding: 'utf8', cwd: allowed })) as unknown[];
  }

  before(() => {
    allowed = folder.path('allowed');
    fs.mkdirSync(allowed);
    folder.write('allowed/open', 'open');
    folder.write('secret', 'secret');
  });

  it('lets a stream read what may be read', () => {
    assert.deepEqual(run(`return seen(slipring.createReadStream('open'))`), ['open']);
    assert.deepEqual(run(`return seen(slipring.createReadStream(Buffer.from('./open')))`), ['open']);
    assert.deepEqual(run(`return seen(slipring.createDeviceStream('open'))`), ['open']);
  });

  it('leaves it to the stream to say what is wrong with a path', () => {
    fs.symlinkSync('loop', folder.path('allowed/loop'));
    assert.deepEqual(run(`return seen(slipring.createDeviceStream('loop'))`), [['ELOOP', null, null]]);
  });

  it('denies a stream what it denies node:fs, with the same error', () => {
    const secret = JSON.stringify(folder.path('secret'));
    const paths = [secret, `Buffer.from(${secret})`, `require('node:url').pathToFileURL(${secret})`, "'../secret'"];
    for (const file of paths) {
      const [node, ...ours] = run(`return [
        await seen(fs.createReadStream(${file})),
        await seen(slipring.createReadStream(${file})),
        await seen(slipring.createReadStream(${file}, { follow: true })),
        await seen(slipring.createDeviceStream(${file})),
      ]`);
      assert.deepEqual(ours, [node, node, node], file);
    }
    const denied = [['ERR_ACCESS_DENIED', 'FileSystemRead', folder.path('secret')]];
    assert.deepEqual(run(`return seen(slipring.createPluginStream(${secret}))`), denied);
  });

  it('denies flags that change a file which may only be read', () => {
    const denied = [['ERR_ACCESS_DENIED', 'FileSystemWrite', 'open']];
    const each = `['r+', 'w+', 'a+'].map((flags) => seen(slipring.createReadStream('open', { flags })))`;
    assert.deepEqual(run(`return Promise.all(${each})`), [denied, denied, denied]);
    assert.equal(fs.readFileSync(folder.path('allowed/open'), 'utf8'), 'open');
  });

  it('is asked about the file that is opened, also when the folder changes or the path is written over meanwhile', () => {
    fs.mkdirSync(folder.path('allowed/inner'));
    folder.write('allowed/inner/open', 'another');
    for (const [file, change] of [
      ["'open'", "process.chdir('inner')"],
      ["Buffer.from('./././open')", "file.write('../secret')"],
    ] as const) {
      const script = `
        const file = ${file};
        const events = seen(slipring.createReadStream(file));
        ${change};
        return events;`;
      assert.deepEqual(run(script), ['open']);
    }
  });

  it('denies the network as it does to node:dgram and node:net, where it guards it', async () => {
    const udp = `
      const stream = slipring.createUdpStream();
      stream.on('listening', () => stream.destroy());
      return seen(stream);`;
    const denied = [['ERR_ACCESS_DENIED', 'Net', '127.0.0.1']];
    assert.deepEqual(run(udp), guardsNetwork ? denied : []);
    if (guardsNetwork) assert.deepEqual(run(udp, ['--allow-net']), []);

    const socket = folder.path('allowed/socket');
    const server = net.createServer((client) => client.end('hello'));
    await new Promise<void>((listening) => server.listen(socket, listening));
    const connect = `return seen(slipring.createDeviceStream('socket'))`;
    try {
      if (guardsNetwork) assert.deepEqual(run(connect), [['ERR_ACCESS_DENIED', 'Net', 'socket']]);
    } finally {
      server.close();
    }
  });
});
