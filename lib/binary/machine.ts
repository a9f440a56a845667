/** For which machine a binary was made, by its first bytes: what a loader says of a wrong one differs from system to system. */
import { readFileSync } from 'node:fs';

// The numbers of the formats, by the names that Node has for them.
const ELF: Record<number, string> = { 0x03: 'ia32', 0x28: 'arm', 0x3e: 'x64', 0xb7: 'arm64', 0xf3: 'riscv64' };
const MACH_O: Record<number, string> = { 0x01000007: 'x64', 0x0100000c: 'arm64' };
const PE: Record<number, string> = { 0x014c: 'ia32', 0x8664: 'x64', 0xaa64: 'arm64' };

/** The C library that a binary for Linux asks for. */
function libcOf(bytes: Buffer): string | undefined {
  if (bytes.includes('\0libc.so.6\0')) return 'glibc';
  return bytes.includes('\0libc.so\0') || bytes.includes('\0libc.musl-') ? 'musl' : undefined;
}

/**
 * As a target: `linux-arm64-musl`, `win32-x64`. The C library is left out when it cannot be told.
 * @returns undefined when the file is none of the three formats, or cannot be read
 */
export function madeFor(file: string): string | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch {
    return undefined;
  }
  if (bytes.length < 64) return undefined;
  const named = (platform: string, arch: string | undefined): string | undefined => arch && `${platform}-${arch}`;
  if (bytes.toString('latin1', 0, 4) === '\x7fELF') {
    const target = named('linux', ELF[bytes.readUInt16LE(18)]);
    const libc = libcOf(bytes);
    return target && libc ? `${target}-${libc}` : target;
  }
  if (bytes.readUInt32LE(0) === 0xfeedfacf) return named('darwin', MACH_O[bytes.readUInt32LE(4)]);
  if (bytes.toString('latin1', 0, 2) !== 'MZ') return undefined;
  const header = bytes.readUInt32LE(60);
  return header + 6 <= bytes.length ? named('win32', PE[bytes.readUInt16LE(header + 4)]) : undefined;
}
