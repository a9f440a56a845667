/** Who sent a datagram. Most datagrams come from few senders: each is made, and its address written out, once. */
import { networkInterfaces } from 'node:os';

/** Where each field is, in words of 32 bits from the address on: see addon/sources/datagram.h. */
const SCOPE = 4;
const PORT_FAMILY_FLAGS = 5;

const REMEMBERED = 64;

/** The longest run of zeros, of two groups at least, is left out: RFC 5952. */
function shorten(groups: number[]): string {
  let [begin, length] = [0, 1];
  for (let i = 0; i < groups.length; i++) {
    let end = i;
    while (groups[end] === 0) end++;
    if (end - i > length) [begin, length] = [i, end - i];
  }
  const text = (part: number[]): string => part.map((group) => group.toString(16)).join(':');
  return length < 2 ? text(groups) : `${text(groups.slice(0, begin))}::${text(groups.slice(begin + length))}`;
}

function interfaceName(scope: number): string {
  for (const [name, addresses] of Object.entries(networkInterfaces())) {
    if (addresses?.some((address) => 'scopeid' in address && address.scopeid === scope)) return name;
  }
  return String(scope);
}

function ipv6Text(bytes: DataView, scope: number): string {
  const groups = Array.from({ length: 8 }, (_, i) => bytes.getUint16(2 * i));
  const mapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (mapped) return `::ffff:${ipv4Text(bytes, 12)}`;
  const linkLocal = ((groups[0] as number) & 0xffc0) === 0xfe80;
  return shorten(groups) + (linkLocal && scope !== 0 ? `%${interfaceName(scope)}` : '');
}

function ipv4Text(bytes: DataView, begin: number): string {
  return [0, 1, 2, 3].map((i) => bytes.getUint8(begin + i)).join('.');
}

export class Sender {
  readonly #words: Int32Array;
  #address: string | undefined;

  constructor(words: Int32Array) {
    this.#words = words;
  }

  /** Whether it is who is described `at` there. */
  is(words: Int32Array, at: number): boolean {
    const own = this.#words;
    // Without the flags, which are the datagram's.
    if (((own[PORT_FAMILY_FLAGS] as number) ^ (words[at + PORT_FAMILY_FLAGS] as number)) << 8 !== 0) return false;
    for (let i = 0; i <= SCOPE; i++) if (own[i] !== words[at + i]) return false;
    return true;
  }

  get address(): string {
    if (this.#address === undefined) {
      const bytes = new DataView(this.#words.buffer);
      this.#address = this.family === 'IPv6' ? ipv6Text(bytes, this.#words[SCOPE] as number) : ipv4Text(bytes, 0);
    }
    return this.#address;
  }

  get port(): number {
    return (this.#words[PORT_FAMILY_FLAGS] as number) & 0xffff;
  }

  get family(): 'IPv4' | 'IPv6' {
    return (((this.#words[PORT_FAMILY_FLAGS] as number) >> 16) & 0xff) === 6 ? 'IPv6' : 'IPv4';
  }
}

/** The senders that were seen last. */
export class Senders {
  readonly #known: (Sender | undefined)[] = new Array<undefined>(REMEMBERED).fill(undefined);

  at(words: Int32Array, at: number): Sender {
    // Senders on one machine differ in the port, others in the last bytes of their address.
    const hash =
      (words[at] as number) ^
      ((words[at] as number) >>> 24) ^
      (words[at + 3] as number) ^
      (words[at + PORT_FAMILY_FLAGS] as number);
    const place = hash & (REMEMBERED - 1);
    const known = this.#known[place];
    if (known?.is(words, at)) return known;
    const sender = new Sender(words.slice(at, at + PORT_FAMILY_FLAGS + 1));
    this.#known[place] = sender;
    return sender;
  }
}
