// Every platform that has a prebuilt binary: who compiles it, and what the binary may ask of the machine it runs on.

// Runs on anything since CentOS 7; the promise is 2.28, that of Debian 10 and RHEL 8.
const GLIBC = '2.17';

const linux = (arch, machine, libc) => ({
  platform: 'linux',
  arch,
  libc,
  zig: libc === 'glibc' ? `${machine}-linux-gnu.${GLIBC}` : `${machine}-linux-musl`,
});

export const targets = {
  'linux-x64-glibc': linux('x64', 'x86_64', 'glibc'),
  'linux-x64-musl': linux('x64', 'x86_64', 'musl'),
  'linux-arm64-glibc': linux('arm64', 'aarch64', 'glibc'),
  'linux-arm64-musl': linux('arm64', 'aarch64', 'musl'),
  'darwin-x64': { platform: 'darwin', arch: 'x64', zig: 'x86_64-macos' },
  'darwin-arm64': { platform: 'darwin', arch: 'arm64', zig: 'aarch64-macos' },
  'win32-x64': { platform: 'win32', arch: 'x64' },
};

/** Where prebuildify puts it, and lib/binary/prebuilt.ts takes it from. */
export function fileOf({ platform, arch, libc }) {
  return `prebuilds/${platform}-${arch}/slipring${libc ? `.${libc}` : ''}.node`;
}

/** The target that is this machine, as far as there is one. */
export function host() {
  const { platform, arch } = process;
  if (platform !== 'linux') return `${platform}-${arch}`;
  return `linux-${arch}-${process.report.getReport().header.glibcVersionRuntime ? 'glibc' : 'musl'}`;
}
