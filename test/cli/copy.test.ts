/** `slipring copy` and `slipring cat`: every byte of any source, in any sink. */
import { strict as assert } from 'node:assert';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import net from 'node:net';
import { buffer } from 'node:stream/consumers';
import * as zlib from 'node:zlib';

import { temporaryFolder } from '../helpers/files';
import { describeWhere, itWhere, itWithPackagesOfLinux, onWindows } from '../helpers/where';
import { assertDone } from './helpers/command';
import { carry, shell, start } from './helpers/running';

const LENGTH = 3_000_001;

const itWithFullDisk = itWhere(existsSync('/dev/full'), 'there is no /dev/full');

describeWhere(!onWindows, 'pipes and signals are those of Unix')('slipring copy', () => {
  const temporary = temporaryFolder();
  let folder = '';
  let bytes = Buffer.alloc(0);

  before(() => {
    folder = temporary.path('.');
    bytes = readFileSync(temporary.fill('source', LENGTH));
  });

  const read = (name: string): Buffer => readFileSync(temporary.path(name));

  it('copies a file, and has nothing to say', async () => {
    temporary.write('./a:b', 'longer than what is copied'.repeat(LENGTH / 20));
    assertDone(await carry(folder, 'copy', 'source', './a:b'));
    assert.ok(read('a:b').equals(bytes));
  });

  it('gives everything to every sink, and prints the hash of it', async () => {
    const servers = [net.createServer(), net.createServer()] as const;
    servers[0].listen(0, '127.0.0.1');
    servers[1].listen(temporary.path('sink.sock'));
    await Promise.all(servers.map((server) => once(server, 'listening')));
    const received = servers.map(async (server) => {
      const [socket] = (await once(server, 'connection')) as [net.Socket];
      return buffer(socket);
    });
    const { port } = servers[0].address() as net.AddressInfo;
    const sinks = ['file', `tcp://127.0.0.1:${port}`, 'unix:sink.sock', 'exec:cat > executed', 'null:'];
    const done = await carry(folder, 'copy', '--hash', 'sha256', 'source', ...sinks);
    assertDone(done);
    assert.equal(done.stdout.toString(), `${createHash('sha256').update(bytes).digest('hex')}  source\n`);
    for (const what of [...(await Promise.all(received)), read('file'), read('executed')])
      assert.ok(what.equals(bytes));
    for (const server of servers) server.close();
  });

  it('writes to the standard output, compressed when that is asked for', async () => {
    const done = await carry(folder, 'copy', '--gzip', 'source');
    assertDone(done);
    assert.ok(zlib.gunzipSync(done.stdout).equals(bytes));
  });

  it('reads a FIFO, a unix socket and the standard input as what they are', async () => {
    const fifo = temporary.fifo();
    const server = net.createServer((socket) => socket.end('from the socket, '));
    await once(server.listen(temporary.path('source.sock')), 'listening');
    const running = start(folder, 'cat', `fifo:${fifo}`, 'unix:source.sock', '-');
    const writer = await open(fifo, 'w');
    await writer.write('from the FIFO, ');
    await writer.close();
    running.child.stdin.end('from the standard input');
    const done = await running.done;
    assertDone(done);
    assert.equal(done.stdout.toString(), 'from the FIFO, from the socket, from the standard input');
    server.close();
  });

  itWithPackagesOfLinux({ socat: 'socat' })('reads a terminal as it is, at the speed that is asked for', async () => {
    // The terminal is there until what was in it is read, however long stty takes: socat would close it after half a second.
    const line = [
      'socat -t 60 -d pty,link=tty,rawer,wait-slave exec:"printf \\"a\\\\r\\\\nb\\\\n\\"" 2> /dev/null & until [ -e tty ]; do :; done',
      'slipring copy tty:tty?baud=9600 --max-bytes 5',
    ];
    const done = await shell(folder, line.join('\n'));
    assertDone(done);
    assert.equal(done.stdout.toString(), 'a\r\nb\n');
  });

  it('stops after so many bytes, and not faster than it may', async () => {
    const limits = ['--max-bytes', '100K', '-L', '400K'];
    const { stdout, code } = await carry(folder, 'copy', 'pattern:', ...limits, '--stats', 'json=paced');
    assert.equal(stdout.length, 100 * 1024);
    assert.equal(code, 0);
    // By its own clock: when bytes arrive here says when this process had its turn.
    const { seconds } = JSON.parse(read('paced').toString().trim().split('\n').at(-1) as string) as { seconds: number };
    assert.ok(seconds > 0.24, `${seconds}`);
  });

  it('leaves a sink as it is when the source cannot be read, is the sink itself, or another sink cannot be opened', async () => {
    temporary.write('precious', 'precious');
    for (const [source, said] of [
      ['missing', /^slipring: cannot read missing: no such file or directory \(ENOENT\)\.\n$/],
      ['./precious', /^slipring: precious is what is to be read.*\n$/],
      ['source', /^slipring: cannot write missing\/sink: no such file or directory \(ENOENT\)\.\n$/],
    ] as const) {
      const { code, stderr } = await carry(folder, 'copy', source, 'precious', 'missing/sink');
      assert.equal(code, 1);
      assert.match(stderr, said);
      assert.equal(read('precious').toString(), 'precious');
    }
  });

  itWithFullDisk('says in one sentence that a disk is full, with exit code 1', async () => {
    const { code, stderr } = await carry(folder, 'copy', 'source', '/dev/full');
    assert.equal(code, 1);
    assert.equal(stderr, 'slipring: cannot write /dev/full: no space left on device (ENOSPC).\n');
  });

  itWithFullDisk('gives the other sinks everything when some fail, and says of each why', async () => {
    const { code, stderr } = await carry(folder, 'copy', 'source', 'exec:exit 3', '/dev/full', 'survivor');
    assert.equal(code, 1);
    assert.match(stderr, /cannot write exec:exit 3: it has ended with exit code 3\.\n/);
    assert.match(stderr, /cannot write \/dev\/full: no space left on device/);
    assert.equal(stderr.split('\n').length, 3);
    assert.ok(read('survivor').equals(bytes));
  });

  it('ends silently with exit code 141 when its reader goes away', async () => {
    const { stdout, stderr } = await shell(folder, 'slipring cat source | head -c 1; echo " ${PIPESTATUS[0]}"');
    assert.equal(stdout.toString('latin1'), `${bytes.toString('latin1', 0, 1)} 141\n`);
    assert.equal(stderr, '');
  });

  it('counts what is lost, and has exit code 3 then', async () => {
    const [from, to] = [temporary.fifo(), temporary.fifo()];
    const running = start(folder, 'copy', from, to, '--overflow=drop-newest', '--slots=1', '--slot-size=1K');
    const writer = await open(from, 'w');
    const reader = await open(to, 'r');
    await writer.writeFile(bytes);
    await writer.close();
    const kept = (await reader.readFile()).length;
    await reader.close();
    const { code, stderr } = await running.done;
    assert.match(stderr, new RegExp(`^slipring: ${from}: lost \\d+ chunks \\(.*\\)\\.\n$`));
    assert.equal(code, 3);
    assert.ok(kept < LENGTH);
  });

  it('leaves a sink as it is when an option makes no sense, or is not for this Node', async () => {
    temporary.write('precious', 'precious');
    const wrong = [['--stats', 'xml'], ...('createZstdCompress' in zlib ? [] : [['--zstd']])];
    for (const options of wrong) {
      assert.equal((await carry(folder, 'copy', 'source', 'precious', ...options)).code, 2);
      assert.equal(read('precious').toString(), 'precious');
    }
  });

  it('refuses a source that is the standard output, and would grow as it is read', async () => {
    temporary.write('grows', 'grows');
    for (const command of ['copy grows', 'cat grows', 'cat source grows'])
      assert.match(
        (await shell(folder, `slipring ${command} 2>&1 >> grows`)).stdout.toString(),
        /^slipring: grows is also the standard output: .*\n$/,
      );
    assert.ok(read('grows').equals(Buffer.concat([Buffer.from('grows'), bytes])));
  });

  it('writes to its end what came before a source that cannot be read', async () => {
    const { code, stdout, stderr } = await carry(folder, 'cat', '--gzip', 'source', 'missing', 'source');
    assert.equal(stderr, 'slipring: cannot read missing: no such file or directory (ENOENT).\n');
    assert.equal(code, 1);
    assert.ok(zlib.gunzipSync(stdout).equals(bytes));
  });

  it('refuses what makes no sense with exit code 2, and says what would', async () => {
    const wrong = [
      ['copy'],
      ['copy', 'source', '--max-bytes', 'many'],
      ['copy', 'source', '--duration', '5x'],
      ['copy', 'source', '--records', 'csv'],
      ['copy', 'source', '--overflow', 'drop-oldest'],
      ['copy', 'pattern:?speed=1'],
    ];
    const ends = await Promise.all(wrong.map((args) => carry(folder, ...args)));
    for (const { code, stdout, stderr } of ends) {
      assert.equal(code, 2);
      assert.equal(stdout.length, 0);
      assert.match(stderr, /^slipring: /);
    }
  });
});
