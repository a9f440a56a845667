/** What a newcomer wants, each with one line, whose every word `--help` has. */
import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import dgram from 'node:dgram';
import { once } from 'node:events';
import { appendFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';

import { temporaryFolder } from '../helpers/files';
import { makeFifo } from '../helpers/fifo';
import { describeWhere, itWithPackagesOfLinux, onWindows } from '../helpers/where';
import { slipring } from './helpers/command';
import { type Done, type Running, shell, start } from './helpers/running';

const LENGTH = 300_000;

describeWhere(!onWindows, 'there are no FIFOs, terminals and signals of Unix')('a newcomer, with --help alone', () => {
  const temporary = temporaryFolder();
  let folder = '';
  let image = Buffer.alloc(0);

  before(() => {
    folder = temporary.path('.');
    image = readFileSync(temporary.fill('disk.img', LENGTH));
  });

  const read = (name: string): Buffer => readFileSync(temporary.path(name));

  const helps = new Map<string, string>();

  function helpOf(...command: string[]): string {
    const key = command.join();
    if (!helps.has(key)) helps.set(key, slipring(folder, ...command, '--help').stdout);
    return helps.get(key) as string;
  }

  function assertIsIn(help: string, word: string): void {
    assert.match(help, new RegExp(`(^|[\\s,;\\]?])${word}(?![a-z-])`, 'm'));
  }

  /** Everything on the line but names of one's own: the command, its options, and where bytes come from and go to. */
  function assertIsInHelp(line: string): void {
    const [, command, rest] = /(?:^| )slipring ([a-z]+) (.*)$/.exec(line) as unknown as [string, string, string];
    assertIsIn(helpOf(), `  ${command}`);
    const words = rest.match(/(?<=^| |')(?:--?[a-zA-Z][a-z-]*|[a-z]+:|-(?= |$))|(?<=\?)[a-z]+/g) ?? [];
    for (const word of words) assertIsIn(helpOf(command), word);
  }

  async function done(line: string): Promise<Done> {
    assertIsInHelp(line);
    const ended = await shell(folder, line);
    assert.equal(ended.code, 0, ended.stderr);
    return ended;
  }

  /** One that goes on until it is stopped. There is nothing in it that only a shell understands. */
  function begun(line: string): Running {
    assertIsInHelp(line);
    return start(folder, ...line.split(' ').slice(1));
  }

  async function shows(running: Running, ending: string): Promise<void> {
    while (!running.stdout.toString().endsWith(ending)) await once(running.child.stdout, 'data');
  }

  it('copies an image, and knows its hash', async () => {
    const { stdout } = await done('slipring copy disk.img copied.img --hash sha256');
    assert.ok(read('copied.img').equals(image));
    assert.equal(stdout.toString().split(' ')[0], createHash('sha256').update(image).digest('hex'));
  });

  it('sends a file to another machine, compressed', async () => {
    const server = net.createServer();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const received = once(server, 'connection').then(([socket]) => buffer(socket as net.Socket));
    const { port } = server.address() as net.AddressInfo;
    await done(`slipring copy disk.img tcp://127.0.0.1:${port} --gzip`);
    assert.ok(gunzipSync(await received).equals(image));
    server.close();
  });

  itWithPackagesOfLinux({ socat: 'socat' })('records a serial line, and sees it meanwhile', async () => {
    const device =
      'socat -d pty,link=tty,rawer,wait-slave exec:"printf 21.5" 2> /dev/null & until [ -e tty ]; do :; done';
    const { stdout } = await done(`${device}; slipring copy tty:tty?baud=9600 serial.log - --max-bytes 4`);
    assert.equal(stdout.toString(), '21.5');
    assert.equal(read('serial.log').toString(), '21.5');
  });

  itWithPackagesOfLinux({ tcpdump: 'tcpdump' })('records three datagrams for Wireshark', async () => {
    const socket = dgram.createSocket('udp4');
    await once(socket.bind(0, '127.0.0.1'), 'listening');
    const { port } = socket.address();
    await new Promise<void>((resolve) => void socket.close(resolve));
    const running = begun(`slipring listen udp://127.0.0.1:${port} -f pcap -o flow.pcap --count 3`);
    const sender = dgram.createSocket('udp4');
    // Until it listens they go nowhere.
    const sending = setInterval(() => sender.send('datagram', port, '127.0.0.1'), 5);
    assert.equal((await running.done).code, 0);
    clearInterval(sending);
    sender.close();
    const packets = execFileSync('tcpdump', ['-nr', temporary.path('flow.pcap')], { encoding: 'utf8', stdio: 'pipe' });
    assert.equal(packets.match(/UDP, length 8$/gm)?.length, 3);
  });

  it('follows a log that is not there yet, over a rotation', async () => {
    const running = begun('slipring tail --retry --from start app.log');
    writeFileSync(temporary.path('app.log'), 'one\n');
    await shows(running, 'one\n');
    renameSync(temporary.path('app.log'), temporary.path('app.log.1'));
    writeFileSync(temporary.path('app.log'), 'two\n');
    await shows(running, 'one\ntwo\n');
    running.child.kill('SIGINT');
    assert.equal((await running.done).code, 130);
  });

  it('goes on with a log where it was stopped', async () => {
    writeFileSync(temporary.path('resumed.log'), 'one\n');
    for (const line of ['one\n', 'two\n', 'three\n']) {
      if (line !== 'one\n') appendFileSync(temporary.path('resumed.log'), line);
      const running = begun('slipring tail --resume resumed.state resumed.log');
      await shows(running, line);
      running.child.kill('SIGTERM');
      const { code, stdout } = await running.done;
      assert.equal(code, 143);
      assert.equal(stdout.toString(), line);
    }
  });

  it('gives what comes through a FIFO to a file and to a program', async () => {
    makeFifo(temporary.path('events'));
    const fed = shell(folder, "printf 'all is well\\nan error\\n' > events");
    await done("slipring copy fifo:events events.log 'exec:grep error > errors.log'");
    await fed;
    assert.equal(read('events.log').toString(), 'all is well\nan error\n');
    assert.equal(read('errors.log').toString(), 'an error\n');
  });

  it('takes only the beginning, and leaves others some of the disk', async () => {
    await done('slipring copy disk.img beginning.img --max-bytes 100K -L 1M');
    assert.ok(read('beginning.img').equals(image.subarray(0, 100 * 1024)));
  });

  it('lets only whole lines pass, and keeps figures of it', async () => {
    const line =
      "printf 'one\\ntwo\\n' | slipring copy - lines.log --records lines --overflow strict --stats json=figures";
    await done(line);
    assert.equal(read('lines.log').toString(), 'one\ntwo\n');
    const figures = read('figures').toString().trim().split('\n');
    assert.equal((JSON.parse(figures.at(-1) as string) as { bytes: number }).bytes, 8);
  });

  it('learns how fast a file is read here', async () => {
    const { stdout } = await done('slipring bench disk.img --rounds 1');
    assert.match(stdout.toString(), /node:fs/);
  });
});
