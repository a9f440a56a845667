// Checks what no compiler and no linter sees: which part of the native code may know which other, and what is nowhere.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { CPP, filesIn, root } from './files.mjs';

const MAX_LINES = 300;

// Whose headers each part may include. `system` are the headers that are not of the C++ standard library.
const parts = [
  { path: 'addon/include/', headers: /^(slipring\/source|chunk)\.h$/, system: /^std(def|int)\.h$/ },
  { path: 'addon/core/', headers: /^$/, system: /^$/ },
  { path: 'addon/core/ring/', headers: /^(core\/(ring\/|clock\.h)|slipring\/)/, system: /^$/ },
  { path: 'addon/core/framing/', headers: /^(core\/framing|slipring)\//, system: /^$/ },
  { path: 'addon/core/pump/', headers: /^(core|slipring)\//, system: /^$/ },
  { path: 'addon/platform/', headers: /^platform\//, system: /^$/ },
  { path: 'addon/platform/posix/', headers: /^platform\//, system: /^(?!napi|node|uv)/ },
  { path: 'addon/platform/linux/', headers: /^platform\//, system: /^(?!napi|node|uv)/ },
  { path: 'addon/platform/win/', headers: /^platform\//, system: /^(?!napi|node|uv)/ },
  { path: 'addon/sources/', headers: /^(sources|platform|slipring)\//, system: /^$/ },
  { path: 'addon/node/', headers: /^(node|sources|platform|core|slipring)\//, system: /^(napi|node_api)\.h$/ },
];

// What may stand only in the files `except`, and why.
const forbidden = [
  { what: /\batomic_(thread|signal)_fence\b/, why: 'ThreadSanitizer does not see fences: order the accesses' },
  { what: /\b(BlockingCall|napi_tsfn_blocking)\b/, why: 'ringing the doorbell never blocks (Rule 2)' },
  {
    what: /napi_\w+_threadsafe_function|ThreadSafeFunction/,
    why: 'only the doorbell uses the thread-safe function (Rule 2)',
    except: 'addon/node/doorbell.cc',
  },
];

const problems = [];

/** The code with its comments blanked, so that the numbers of the lines stay. */
function withoutComments(text) {
  return text.replace(/\/\*[^]*?\*\/|\/\/.*/g, (comment) => comment.replace(/[^\n]/g, ' '));
}

function checkInclude(file, line, report) {
  const [, opening, header] = /^\s*#\s*include\s*([<"])([^>"]+)/.exec(line) ?? [];
  if (!header) return;
  const part = parts.findLast(({ path }) => file.startsWith(path));
  if (!part) return report('says nowhere what it may include: see scripts/check-structure.mjs');
  const standard = opening === '<' && /^[a-z_]+$/.test(header);
  const allowed = opening === '"' ? part.headers : part.system;
  if (!standard && !allowed.test(header)) report(`${part.path} does not know <${header}>`);
}

function checkCpp(file, text) {
  for (const [index, line] of withoutComments(text).split('\n').entries()) {
    const report = (problem) => problems.push(`${file}:${index + 1}: ${problem}`);
    checkInclude(file, line, report);
    for (const { what, why, except } of forbidden) {
      const match = file === except ? null : what.exec(line);
      if (match) report(`${match[0]}: ${why}`);
    }
  }
}

const cpp = filesIn('addon', CPP);
const files = [...cpp, ...filesIn('lib', /\.ts$/)];
for (const file of files) {
  const text = readFileSync(join(root, file), 'utf8');
  const lines = text.split('\n').length - 1;
  if (lines > MAX_LINES) problems.push(`${file}: ${lines} lines, and ${MAX_LINES} is the limit: it holds two ideas`);
  if (cpp.includes(file)) checkCpp(file, text);
}

for (const problem of problems) console.error(problem);
console.log(`structure: ${files.length} files, ${problems.length} problems`);
if (problems.length > 0) process.exitCode = 1;
