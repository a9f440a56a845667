// Formats the C++ code, or with --check only says whether it is formatted.
//
// clang-format's output differs from version to version: the one that counts comes with the devDependencies.
import { spawnSync } from 'node:child_process';

import { clangFormatPath } from 'clang-format-node';

import { C_OR_CPP, CPP, filesIn, root } from './files.mjs';

const check = process.argv.includes('--check');
// Not the headers of test/abi, which stay as they were.
const files = [
  ...filesIn('addon', CPP),
  ...filesIn('test/native', CPP),
  ...filesIn('templates', C_OR_CPP),
  ...filesIn('examples', C_OR_CPP),
  ...filesIn('test/abi', /\.c$/),
];
const how = check ? ['--dry-run', '-Werror'] : ['-i'];
const { error, status } = spawnSync(clangFormatPath, [...how, '--style=file', ...files], {
  cwd: root,
  stdio: 'inherit',
});
if (error) throw error;
if (check && status === 0) console.log(`${files.length} C++ files are formatted.`);
process.exitCode = status ?? 1;
