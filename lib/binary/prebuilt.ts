/** The binaries that the package brings along, in prebuilds/. */
import { closeSync, openSync, readSync } from 'node:fs';
import path from 'node:path';

import { packageRoot, type Attempt } from './attempt';

/** Which binary fits: `linux-x64-musl`, `darwin-arm64`. */
export type Target = string;

/** What @types/node does not say of `process.report`. */
interface Report {
  excludeNetwork: boolean;
  getReport(): { header: { glibcVersionRuntime?: string } };
}

/** Enough for an ELF program's headers, and for the name of the loader that it asks for, which linkers put right behind them. */
const HEAD_BYTES = 4096;

/** The beginning of the program that runs; empty where it cannot be read. */
function headOfProgram(): Buffer {
  let fd: number | undefined;
  try {
    fd = openSync(process.execPath, 'r');
    const head = Buffer.alloc(HEAD_BYTES);
    return head.subarray(0, readSync(fd, head));
  } catch {
    return Buffer.alloc(0); // the permission model forbids it
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/** Whether this program runs on musl. */
function onMusl(): boolean {
  const head = headOfProgram();
  if (head.includes('/ld-linux')) return false;
  return head.includes('/ld-musl-') || isMuslByReport();
}

/** What takes a hundred times as long. glibc says which one it is; what has no reports is taken to run on glibc. */
function isMuslByReport(): boolean {
  const report = process.report as unknown as Report | undefined;
  if (!report) return false;
  const { excludeNetwork } = report;
  report.excludeNetwork = true; // else it looks up the name of every open connection
  try {
    return report.getReport().header.glibcVersionRuntime === undefined;
  } finally {
    report.excludeNetwork = excludeNetwork;
  }
}

/** What this program needs. */
export function hostTarget(): Target {
  const { platform, arch } = process;
  return platform === 'linux' ? `linux-${arch}-${onMusl() ? 'musl' : 'glibc'}` : `${platform}-${arch}`;
}

/** Where the target's binary is in the package, if there is one for it. */
export function fileOf(target: Target): string {
  const [platform, arch, libc] = target.split('-');
  return `prebuilds/${platform}-${arch}/slipring${libc === undefined ? '' : `.${libc}`}.node`;
}

/**
 * Loads the binary of the target. `undefined` when the package has none for
 * the target. Bundlers see in these calls which files to carry, and in the `try` around them that a file may be absent.
 */
export function requirePrebuilt(target: Target): Attempt | undefined {
  const file = path.join(packageRoot, fileOf(target));
  try {
    switch (target) {
      case 'linux-x64-glibc':
        return { file, exports: require('../../prebuilds/linux-x64/slipring.glibc.node') };
      case 'linux-x64-musl':
        return { file, exports: require('../../prebuilds/linux-x64/slipring.musl.node') };
      case 'linux-arm64-glibc':
        return { file, exports: require('../../prebuilds/linux-arm64/slipring.glibc.node') };
      case 'linux-arm64-musl':
        return { file, exports: require('../../prebuilds/linux-arm64/slipring.musl.node') };
      case 'darwin-x64':
        return { file, exports: require('../../prebuilds/darwin-x64/slipring.node') };
      case 'darwin-arm64':
        return { file, exports: require('../../prebuilds/darwin-arm64/slipring.node') };
      case 'win32-x64':
        return { file, exports: require('../../prebuilds/win32-x64/slipring.node') };
      default:
        return undefined;
    }
  } catch (error) {
    return { file, error: error as NodeJS.ErrnoException };
  }
}
