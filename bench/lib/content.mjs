/** What the inputs are filled with, over and over. */
const MIB = 1024 * 1024;

function makeDigits() {
  const digits = Buffer.alloc(MIB);
  let state = 1;
  for (let i = 0; i < MIB; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    digits[i] = '0123456789abcdef'.charCodeAt(state >>> 28);
  }
  return digits;
}

/** How long each line of text is, with its newline. */
export const LINE = 72;

/** How long a packet of a transport stream is. */
const PACKET = 188;

/** The same numbers for the same seed, below 2^24. */
function numbers(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 8;
  };
}

function makeLines() {
  const lines = Array.from({ length: Math.floor(MIB / LINE) }, (_, i) => {
    const time = new Date(1767225600000 + 7 * i).toISOString();
    const level = i % 17 === 0 ? 'warn' : 'info';
    return `${time},${level},worker-${i % 8},GET /items/${(i * 7919) % 1000000},200,${(i * 31) % 997}`.padEnd(
      LINE - 1,
      ' ',
    );
  });
  return Buffer.from(`${lines.join('\n')}\n`);
}

/** How long a line of a log is: mostly short, some empty, few with a stack or a document in them. */
function logLineLength(random) {
  const kind = random() % 100;
  if (kind < 2) return 0;
  if (kind < 85) return 40 + (random() % 260);
  if (kind < 98) return 300 + (random() % 1700);
  return 2000 + (random() % 18_480);
}

function makeLog() {
  const random = numbers(7);
  const words = 'request served from cache after retry of upstream connection reset by peer user session'.split(' ');
  const lines = [];
  for (let bytes = 0; bytes < 8 * MIB;) {
    const length = logLineLength(random);
    let line = new Date(1767225600000 + lines.length * 3).toISOString();
    while (line.length < length) line += ` ${words[random() % words.length]}=${random() % 100_000}`;
    // Every hundredth is not all ASCII.
    const text = line.slice(0, length) + (random() % 100 === 0 ? ' 23 °C, 5 €' : '');
    lines.push(text);
    bytes += text.length + 1;
  }
  return Buffer.from(`${lines.join('\n')}\n`);
}

/** Packets of a transport stream. */
function makePackets() {
  const packets = Buffer.alloc(PACKET * 5000, 0xff);
  for (let i = 0; i < packets.length; i += PACKET) packets.writeUInt32BE(0x47000010 + ((i / PACKET) % 16), i);
  return packets;
}

/** Records of 20 to 400 bytes, each behind its length. */
function makePrefixed() {
  const random = numbers(11);
  return Buffer.concat(
    Array.from({ length: 5000 }, () => {
      const record = Buffer.alloc(4 + 20 + (random() % 380), 0x61);
      record.writeUInt32LE(record.length - 4);
      return record;
    }),
  );
}

export const content = {
  /** Hexadecimal digits: a compressor has something to do, and something to find. */
  digits: makeDigits,
  /** A log, which is CSV too. */
  lines: makeLines,
  /** Another, with lines of 0 to 20 KiB. */
  log: makeLog,
  packets: makePackets,
  prefixed: makePrefixed,
};
