/** What --records takes, as the option of every stream. */
import type { RecordFormat } from '../records';
import { countOf } from './values';

const PREFIXES = ['u8', 'u16le', 'u16be', 'u32le', 'u32be'] as const;
const ESCAPES: Record<string, string> = { n: '\n', r: '\r', t: '\t', '0': '\0', '\\': '\\' };

/** As they are typed: `\r\n`, `\x1e`. */
function unescaped(text: string): string {
  return text.replace(/\\(?:x([\da-fA-F]{2})|([nrt0\\]))/g, (_, hex: string | undefined, name: string) =>
    hex === undefined ? (ESCAPES[name] as string) : String.fromCharCode(parseInt(hex, 16)),
  );
}

/** Undefined for what makes no sense. */
export function recordFormatOf(text: string): RecordFormat | undefined {
  const [, kind, rest = ''] = /^([a-z]+)(?::(.+))?$/s.exec(text) ?? [];
  switch (kind) {
    case 'lines':
      return rest === '' ? 'lines' : undefined;
    case 'slip':
    case 'cobs':
      return rest === '' ? { frame: kind } : undefined;
    case 'delimiter':
      // Each character is the byte of that number.
      return rest === ''
        ? undefined
        : { delimiter: Buffer.from(unescaped(rest), /[^\0-\xff]/.test(rest) ? 'utf8' : 'latin1') };
    case 'size': {
      const size = countOf(rest);
      return size === undefined ? undefined : { size };
    }
    case 'prefix': {
      const prefix = PREFIXES.find((known) => known === rest);
      return prefix && { prefix };
    }
    default:
      return undefined;
  }
}
