/** The bytes of an IP address. */
import { isIPv4 } from 'node:net';

/** Senders are few as a rule; when they are not, they are not all remembered. */
const MOST = 4096;
const known = new Map<string, Buffer>();

function parse(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number));
  // The scope of a local address is no part of it.
  const [plain] = address.split('%') as [string];
  const tail = /[\d.]+$/.exec(plain)?.[0] ?? '';
  const text = tail.includes('.') ? plain.slice(0, -tail.length) + wordsOf(tail) : plain;
  const [head = '', rest] = text.split('::');
  const words = (part: string): number[] => (part === '' ? [] : part.split(':').map((word) => parseInt(word, 16)));
  const [first, last] = [words(head), words(rest ?? '')];
  const zeroes = rest === undefined ? 0 : 8 - first.length - last.length;
  const bytes = Buffer.alloc(16);
  [...first, ...Array<number>(zeroes).fill(0), ...last].forEach((word, i) => bytes.writeUInt16BE(word, i * 2));
  return bytes;
}

/** `1.2.3.4` at the end of an address, as it is written otherwise. */
function wordsOf(dotted: string): string {
  const bytes = Buffer.from(dotted.split('.').map(Number));
  return `${bytes.readUInt16BE(0).toString(16)}:${bytes.readUInt16BE(2).toString(16)}`;
}

/** 4 or 16 of them. */
export function addressBytes(address: string): Buffer {
  const remembered = known.get(address);
  if (remembered) return remembered;
  if (known.size >= MOST) known.clear();
  const bytes = parse(address);
  known.set(address, bytes);
  return bytes;
}
