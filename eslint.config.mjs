import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import globals from 'globals';
import tseslint from 'typescript-eslint';

// What each file of lib/ may import besides Node's own modules, as it is written in the import. All goes one way, from
// the public surface down to the errors. A file that is not listed may import nothing: a new one has to say here where
// it stands.
const layers = {
  index: [
    './include',
    './sources/[^/]+',
    './producer-stream',
    './datagram(-batch)?',
    './slot',
    './gap',
    './stats',
    './web-stream',
    './options',
    './errors',
  ],
  'producer-stream': [
    './direct-reader',
    './direct-ways',
    './feed',
    './lending-pipes',
    './stats',
    './readable',
    './unpacker',
    './options',
    './errors',
  ],
  'direct-ways': [
    './byte-batches',
    './chunk-reader',
    './direct-reader',
    './flowing-source',
    './ring-source',
    './slot-loop',
    './slot',
    './stream-hooks',
    './web-stream',
    './errors',
  ],
  'flowing-source': ['./web-stream'],
  'ring-source': ['./allocate', './chunk-reader', './direct-reader', './held-slot', './web-stream', './errors'],
  'web-stream': ['./errors'],
  'byte-batches': ['./chunk-reader', './direct-reader'],
  'chunk-reader': ['./direct-reader', './gap', './slot', './unpacker'],
  'direct-reader': ['./feed', './gap'],
  'stream-hooks': ['./readable', './slot', './unpacker', './errors'],
  readable: ['./gap', './options'],
  unpacker: ['./gap'],
  'sources/*': ['../producer-stream', '../source', '../options', '../permission', '../errors', './open-flags'],
  'sources/open-flags': ['../options', '../errors'],
  'sources/external': ['./plugin', '../native', '../options', '../errors'],
  'sources/udp': [
    '../datagram(-(batch|gaps|sender|table|unpacker))?',
    './udp-options',
    '../producer-stream',
    '../slot',
    '../source',
    '../stats',
    '../unpacker',
    '../web-stream',
    '../options',
    '../permission',
    '../errors',
  ],
  'sources/udp-options': ['./multicast', '../options', '../errors'],
  'sources/multicast': ['../options', '../errors'],
  'datagram-unpacker': [
    './allocate',
    './datagram',
    './datagram-gaps',
    './datagram-table',
    './gap',
    './slot',
    './unpacker',
  ],
  'datagram-batch': ['./datagram', './datagram-table', './slot'],
  'datagram-gaps': ['./datagram-table', './gap', './slot'],
  datagram: ['./datagram-table', './datagram-sender'],
  'datagram-table': ['./datagram-sender', './slot'],
  'datagram-sender': [],
  'lending-pipes': ['./feed', './sinks', './slot'],
  'slot-loop': ['./direct-reader', './feed', './slot'],
  sinks: [],
  carrier: ['./native', './ring-reader', './sinks', './slot-memory', './stats', './turns', './errors'],
  feed: [
    './carrier',
    './turns',
    './feed-events',
    './loop-hold',
    './ring-reader',
    './gap',
    './held-slot',
    './slot',
    './slot-memory',
    './slot-sizing',
    './message-room',
    './source',
    './stats',
    './thread-end',
    './native',
    './options',
    './permission',
    './errors',
  ],
  'feed-events': [],
  'loop-hold': ['./native', './source'],
  'ring-reader': ['./gap', './native'],
  'message-room': ['./allocate'],
  source: ['./native', './permission'],
  gap: ['./native'],
  'thread-end': ['./native'],
  turns: [],
  'slot-memory': [
    './allocate',
    './held-slot',
    './slot',
    './slot-sizing',
    './spare-memory',
    './all-lent',
    './revoke',
    './stats',
    './native',
    './errors',
  ],
  'slot-sizing': ['./options'],
  'spare-memory': ['./allocate'],
  'held-slot': ['./stats'],
  allocate: ['./errors'],
  slot: [],
  'all-lent': [],
  revoke: [],
  include: [],
  stats: ['./native', './options', './errors'],
  native: ['./binary', './errors'],
  'binary/index': ['./attempt', './explain', './load', './prebuilt'],
  'binary/explain': ['./attempt', './load', './machine', './prebuilt', '../errors'],
  'binary/load': ['./attempt', './prebuilt'],
  'binary/prebuilt': ['./attempt'],
  'binary/machine': [],
  'binary/attempt': [],
  options: ['./permission', './errors'],
  permission: ['./errors'],
  errors: [],
  // The command, which knows nothing of streams: it runs also where there is no binary.
  'cli/main': ['./build', './init-source', './failure'],
  'cli/build': ['../binary', './compile', './failure', './headers', './project-copy'],
  'cli/compile': ['./failure'],
  'cli/headers': ['./failure'],
  'cli/project-copy': ['./failure'],
  'cli/init-source': ['./failure', './project-name', './template', './write-project'],
  'cli/template': ['./project-name'],
  'cli/project-name': ['./failure'],
  'cli/write-project': ['./failure'],
  'cli/failure': [],
};
// What a source takes and how it fails is described in native.ts. Types may be taken from there: nothing runs.
const typesOfNative = {
  'sources/*': ['../native'],
  'sources/udp': ['../native'],
  'sources/udp-options': ['../native'],
};

function restrictImports(files, allowed, message, types = []) {
  const names = [...allowed, ...types];
  const patterns = [
    { regex: `^(?!node:|(?:${names.join('|')})$)`, message },
    ...types.map((name) => ({ regex: `^${name}$`, allowTypeImports: true, message: `${message} Its types it may.` })),
  ];
  return { files, rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns }] } };
}

const libLayers = [
  restrictImports(['lib/**/!(*.d).ts'], [], 'Say in eslint.config.mjs what this file may import.'),
  Object.entries(layers).map(([file, allowed]) => {
    const message = `lib/${file}.ts may not import this: see the layers in eslint.config.mjs.`;
    return restrictImports([`lib/${file}.ts`], allowed, message, typesOfNative[file]);
  }),
];

// Tests see what users see, and so do examples.
const testImports = restrictImports(
  ['test/**/*.{ts,js,mjs,cjs}'],
  ['slipring', '\\.{1,2}/(?!(?:.*/)?(?:lib|dist|addon|build|scripts)/).*'],
  "Tests import 'slipring' by name, Node's modules, and each other's helpers.",
);
const exampleImports = {
  files: ['examples/**'],
  rules: {
    'no-restricted-imports': [
      'error',
      { patterns: [{ regex: '/(lib|dist|addon|build)/', message: "Examples import 'slipring' by name." }] },
    ],
  },
};

const typescript = {
  files: ['**/*.ts'],
  extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
  languageOptions: {
    parserOptions: { project: ['tsconfig.json', 'tsconfig.test.json'], tsconfigRootDir: import.meta.dirname },
  },
  rules: {
    // `return callback()` leaves early and calls the callback: that is how Node's own code says it.
    '@typescript-eslint/no-confusing-void-expression': [
      'error',
      { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
    ],
    '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
    // A hook that does nothing until it is overridden.
    '@typescript-eslint/no-empty-function': ['error', { allow: ['methods'] }],
    '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
    // The way to import a CommonJS module that exports a function, and to load a binary.
    '@typescript-eslint/no-require-imports': ['error', { allowAsImport: true, allow: ['/prebuilds/.*\\.node$'] }],
    // `as number` says which type is meant and `!` does not. One of the two is enough.
    '@typescript-eslint/non-nullable-type-assertion-style': 'off',
    // Streams change state behind the checker's back, and JavaScript callers pass what types do not allow.
    '@typescript-eslint/no-unnecessary-condition': 'off',
    // `void error.stack` runs a getter.
    '@typescript-eslint/no-meaningless-void-operator': 'off',
  },
};

const javascript = [
  { files: ['**/*.mjs'], languageOptions: { globals: globals.nodeBuiltin } },
  { files: ['**/*.test.mjs'], languageOptions: { globals: globals.mocha } },
  { files: ['**/*.{js,cjs}'], languageOptions: { sourceType: 'commonjs', globals: globals.node } },
];

const everywhere = {
  linterOptions: { reportUnusedDisableDirectives: 'error' },
  rules: {
    'max-lines': ['error', 300],
    eqeqeq: 'error',
    'no-var': 'error',
    'object-shorthand': 'error',
    'prefer-const': 'error',
  },
};

export default defineConfig(
  globalIgnores(['dist/', 'build/', 'build-*/', '.cache/', 'prebuilds/', 'node_modules/']),
  js.configs.recommended,
  everywhere,
  javascript,
  typescript,
  { plugins: { '@typescript-eslint': tseslint.plugin } },
  libLayers,
  testImports,
  exampleImports,
);
