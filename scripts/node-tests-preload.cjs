// Loaded with `--require` into one of Node's own tests by node-tests.mjs. The test then meets
// slipring wherever it creates a read stream. Workers inherit the flag, so it holds there too.
'use strict';

const fs = require('node:fs');
const { syncBuiltinESMExports } = require('node:module');

const { CALLED_MARKER: marker, WITH: implementation } = process.env;
const { ReadStream: NodeReadStream, createReadStream: nodeCreate, writeFileSync } = fs;
const ours = implementation === 'slipring' ? require('slipring').createReadStream : nodeCreate;

let marked = false;
let inside = false;

function create(call) {
  if (!marked) {
    marked = true;
    // The runner counts a test only when it got here: Windows-only tests, for example, do not.
    writeFileSync(marker, '');
  }
  // Where slipring hands a case to Node's function, that call must not come back here.
  const target = inside ? nodeCreate : ours;
  const outermost = !inside;
  inside = true;
  try {
    return call(target);
  } finally {
    if (outermost) inside = false;
  }
}

// A proxy adds nothing of its own: `new fs.createReadStream()` works only if ours allows it.
fs.createReadStream = new Proxy(ours, {
  apply: (_, self, args) => create((target) => Reflect.apply(target, self, args)),
  construct: (_, args) => create((target) => Reflect.construct(target, args)),
});

// Some tests write `fs.ReadStream(path)` or `new fs.ReadStream(path)` for the same thing. A class
// derived from Node's, however, stays derived from Node's: slipring does not offer the class.
fs.ReadStream = new Proxy(NodeReadStream, {
  apply: (target, self, args) =>
    self instanceof target ? Reflect.apply(target, self, args) : fs.createReadStream(...args),
  construct: (target, args, newTarget) =>
    inside || newTarget.prototype !== target.prototype
      ? Reflect.construct(target, args, newTarget)
      : fs.createReadStream(...args),
});

// Tests written as ES modules see the replacement under `import { createReadStream } from 'fs'`.
syncBuiltinESMExports();
