'use strict';
// npm's install step: nothing when a binary for this machine loads, else one compile with cmake.
// `npm run build:native` calls it with --build-from-source, as does `npm install --build-from-source`.

const { spawnSync } = require('node:child_process');
const { availableParallelism } = require('node:os');
const path = require('node:path');

const root = path.join(__dirname, '..');
const forced =
  process.argv.includes('--build-from-source') ||
  ['true', 'slipring'].includes(process.env.npm_config_build_from_source);

function loads() {
  try {
    require('node-gyp-build')(root);
    return true;
  } catch {
    return false;
  }
}

const tools = {
  linux: 'Debian, Ubuntu: apt install cmake make g++. Alpine: apk add cmake make g++',
  darwin: 'xcode-select --install, and brew install cmake',
  win32: 'Visual Studio Build Tools with C++ and CMake',
};

function giveUp(why) {
  const { platform, arch } = process;
  const reason = forced ? '' : `no prebuilt binary works on this machine (${platform}-${arch}), and `;
  const remedy = tools[platform] ?? "your system's packages of these";
  console.error(
    `\nslipring: ${reason}it cannot be compiled: ${why}.\n` +
      'slipring: that takes CMake 3.15 or newer, make or ninja, and a compiler for C++20. ' +
      `Install them (${remedy}), then run npm install again.`,
  );
  process.exit(1);
}

function cmake(...args) {
  return spawnSync('cmake', args, { cwd: root, stdio: 'inherit' });
}

function compile() {
  const build = path.join(root, 'build', 'cmake');
  const release = path.join(root, 'build', 'Release');
  const headers = [require('node-api-headers').include_dir, require('node-addon-api').include_dir];
  const configured = cmake(
    ...['-S', root, '-B', build, '-DCMAKE_BUILD_TYPE=Release'],
    `-DCMAKE_JS_INC=${headers.map((folder) => path.resolve(folder).replaceAll('\\', '/')).join(';')}`,
    // Where node-gyp-build looks. The generators of IDEs would append a folder of their own to the plain variables.
    ...['LIBRARY', 'RUNTIME'].map((kind) => `-DCMAKE_${kind}_OUTPUT_DIRECTORY_RELEASE=${release}`),
  );
  if (configured.error) giveUp('cmake was not found');
  if (configured.status !== 0) giveUp('cmake failed as shown above: most often there is no C++ compiler or no make');
  const parallel = ['--parallel', String(availableParallelism())];
  if (cmake('--build', build, '--config', 'Release', ...parallel).status !== 0) {
    giveUp('the compiler failed as shown above');
  }
}

if (forced || !loads()) {
  compile();
  if (!loads()) giveUp('the compiled binary does not load');
}
