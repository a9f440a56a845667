// Builds the addon under AddressSanitizer and UndefinedBehaviorSanitizer, for sanitized-addon.mjs and fuzz.mjs. Needs gcc, whose
// runtime is loaded into a node that knows nothing of it.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

import { root } from './files.mjs';
import { build, configure } from './native-build.mjs';

const folder = join(root, 'build', 'addon-address');
const binaries = join(folder, 'build', 'Release');

/** The environment of a node that is to load it. */
export function sanitizedAddon() {
  const library = `-DCMAKE_LIBRARY_OUTPUT_DIRECTORY=${binaries}`;
  configure(root, join(folder, 'cmake'), 'address', '-DSLIPRING_TESTS=OFF', library);
  build(join(folder, 'cmake'), 'address');
  return {
    // Node itself leaves memory behind when it ends. The tests of leaks count ours.
    ASAN_OPTIONS: 'detect_leaks=0:detect_stack_use_after_return=1:quarantine_size_mb=16',
    UBSAN_OPTIONS: 'print_stacktrace=1:halt_on_error=1',
    SLIPRING_BINARY: join(binaries, 'slipring.node'),
    LD_PRELOAD: execFileSync('gcc', ['-print-file-name=libasan.so'], { encoding: 'utf8' }).trim(),
  };
}
