'use strict';
// npm's install step: nothing when a binary for this machine loads, else one compile with cmake.
// `npm run build:native` calls it with --build-from-source, as does `npm install --build-from-source`.

const { spawnSync } = require('node:child_process');
const path = require('node:path');

const root = path.join(__dirname, '..');

function loads() {
  try {
    require('node-gyp-build')(root);
    return true;
  } catch {
    return false;
  }
}

function cmake(...args) {
  return spawnSync('cmake', args, { cwd: root, stdio: 'inherit' });
}

function giveUp(why) {
  const target = `${process.platform}-${process.arch}`;
  console.error(
    `slipring: there is no prebuilt binary for ${target}, and it cannot be compiled here: ${why}.\n` +
      'slipring: install CMake 3.15 or newer and a C++20 compiler (Debian: apt install cmake g++; ' +
      'macOS: xcode-select --install, brew install cmake; Windows: Visual Studio Build Tools with C++), ' +
      'then run npm install again.',
  );
  process.exit(1);
}

function compile() {
  const build = path.join(root, 'build', 'cmake');
  const release = path.join(root, 'build', 'Release');
  const configured = cmake(
    ...['-S', root, '-B', build, '-DCMAKE_BUILD_TYPE=Release'],
    ...[`-DCMAKE_LIBRARY_OUTPUT_DIRECTORY=${release}`],
    ...[`-DCMAKE_RUNTIME_OUTPUT_DIRECTORY=${release}`],
  );
  if (configured.error) giveUp('cmake was not found');
  if (configured.status !== 0) giveUp('cmake found no working C++ compiler, or failed as shown above');
  if (cmake('--build', build, '--config', 'Release', '--parallel', '2').status !== 0) {
    giveUp('the compiler failed as shown above');
  }
}

const forced =
  process.argv.includes('--build-from-source') ||
  ['true', 'slipring'].includes(process.env.npm_config_build_from_source);

if (forced || !loads()) {
  compile();
  if (!loads()) giveUp('the compiled binary does not load');
}
