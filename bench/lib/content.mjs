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

export const content = {
  /** Hexadecimal digits: a compressor has something to do, and something to find. */
  digits: makeDigits,
  /** A log, which is CSV too. */
  lines: makeLines,
};
