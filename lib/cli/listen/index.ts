/** `slipring listen`. */
import type { Arguments } from '../arguments';
import { lossesOf, openView, plural, Session, shownOf, sourceOptionsOf } from '../carry';
import { isFile, openSink, type Sink, unwritable } from '../sinks';
import { openDatagrams } from '../sources';
import type { UdpStream } from '../../sources/udp';
import { showSize } from '../values';
import { strangeField } from './file-name';
import { type Encode, jsonl, lines, raw } from './formats';
import { pcap, pcapHead } from './pcap';
import { Recording } from './recording';
import { RotatingFile, type Rotation } from './rotating-file';

const SECOND = 1000;

function encoderOf(format: string | undefined, stream: UdpStream): Encode {
  if (format === 'pcap') return pcap(stream.address());
  return format === 'jsonl' ? jsonl : format === 'lines' ? lines : raw;
}

function rotationOf(args: Arguments, output: string): Rotation {
  const [seconds, size, keep] = [args.count('rotate-seconds'), args.size('rotate-size'), args.count('keep')];
  const rotates = seconds !== undefined || size !== undefined;
  if (rotates && !isFile(output)) throw args.wrong('-G and -C begin new files: name one with -o.');
  if (keep !== undefined && !rotates) throw args.wrong('-W keeps some of several files: it needs -G or -C.');
  if (seconds === 0 || size === 0 || keep === 0) throw args.wrong('-G, -C and -W take numbers above 0.');
  const field = isFile(output) ? strangeField(output) : undefined;
  if (field !== undefined)
    throw args.wrong(`%${field} in -o is no part of the time: %Y %m %d %H %M %S %j %s, or %% for a percent sign.`);
  const head = args.text('format') === 'pcap' ? pcapHead() : Buffer.alloc(0);
  return { head, every: seconds && seconds * SECOND, size, keep };
}

async function openOutput(output: string, rotation: Rotation): Promise<Sink> {
  if (!isFile(output)) return await openSink(output, () => undefined);
  try {
    return await RotatingFile.open(output, rotation);
  } catch (error) {
    throw unwritable(output, error);
  }
}

/** Every loss, whoever has lost it. */
function lastLine(stream: UdpStream, datagrams: number, written: number, seconds: number): string {
  const stats = stream.stats();
  const { kernelDrops, droppedChunks } = stats;
  const lost = lossesOf(stats, 'datagram');
  const where = droppedChunks > 0 ? `: ${kernelDrops} by the system, ${droppedChunks - kernelDrops} here` : '';
  const what = lost === '' ? 'nothing was lost' : `lost ${lost}${where}`;
  return `${plural(datagrams, 'datagram')}, ${showSize(written)} written in ${seconds.toFixed(1)} s; ${what}.`;
}

export async function listen(args: Arguments): Promise<number> {
  const [where, ...more] = args.operands;
  if (where === undefined || more.length > 0) throw args.wrong('Name one place to listen at, such as udp://:5000.');
  const output = args.text('output') ?? '-';
  const rotation = rotationOf(args, output);
  const [count = Infinity, duration] = [args.count('count'), args.duration('duration')];
  const shown = shownOf(args, [output]);
  if (count === 0) throw args.wrong('--count takes a number above 0.');
  const view = await openView(args);
  const source = await openDatagrams(where, sourceOptionsOf(args));
  const { stream } = source;
  const recording = new Recording(encoderOf(args.text('format'), stream), count);
  shown.stats?.open(source);
  const sink = await openOutput(output, rotation);
  const begun = performance.now();
  const summary = (): string =>
    lastLine(stream, recording.datagrams, session.load.bytes, (performance.now() - begun) / SECOND);
  const session = new Session([sink], {
    duration,
    unit: 'datagram',
    view,
    shown,
    summary: args.has('quiet') ? () => '' : summary,
  });
  if (!(sink instanceof RotatingFile)) await session.outlet.write(rotation.head).catch(() => undefined);
  const loans = recording.encoded(stream.batches(), () => session.signals.stop());
  const room = (): number => (sink instanceof RotatingFile ? sink.room : Infinity);
  await session.carry(source, { loans, onWritten: recording.onWritten }, recording.way(session.outlet, room));
  return await session.end();
}
