import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import globals from 'globals';
import tseslint from 'typescript-eslint';

// What each file of lib/ may import besides Node's own modules. All goes one way, from the public surface down to the errors.
// A folder is a floor: it uses what is below, by the index of that. Each of its files may import those that are listed behind it;
// one that is not listed, none.
const floors = [
  {
    folder: 'cli',
    uses: ['records'],
    files: ['main', 'help', 'arguments', 'records', 'values', 'failure', 'table'],
  },
  {
    folder: 'cli/listen',
    uses: ['carry', 'sources', 'sinks', 'arguments', 'values', 'failure', '../sources/udp', '../records'],
    files: ['index', 'recording', 'rotating-file', 'file-name', 'pcap', 'ip-address', 'formats'],
  },
  {
    folder: 'cli/tail',
    uses: ['carry', 'sources', 'sinks', 'arguments', 'failure', '../sources/[^/]+', '../ring'],
    files: ['index', 'followed', 'headers', 'state'],
  },
  {
    folder: 'cli/carry',
    uses: ['sources', 'sinks', 'arguments', 'records', 'values', 'failure', '../stream', '../ring', '../options'],
    files: ['index', 'copy', 'session', 'figures', 'carry', 'choices', 'losses', 'outlet', 'pace', 'signals'],
  },
  {
    folder: 'cli/sinks',
    uses: ['failure'],
    files: ['index', 'tee', 'codec', 'exec', 'socket', 'writable', 'file', 'descriptor', 'null', 'sink'],
  },
  {
    folder: 'cli/sources',
    uses: ['values', 'failure', '../sources/[^/]+', '../stream', '../records', '../options'],
    files: ['index', 'file', 'device', 'pattern', 'plugin', 'udp', 'source', 'locator'],
  },
  {
    folder: 'cli/project',
    uses: ['arguments', 'failure'],
    files: ['index', 'template', 'project-name', 'write-project'],
  },
  {
    folder: 'cli/native',
    uses: ['arguments', 'failure', '../binary'],
    files: ['index', 'compile', 'headers', 'project-copy'],
  },
  {
    folder: 'cli/table',
    uses: [],
    files: ['index', 'copy', 'tail', 'listen', 'build', 'init-source', 'endpoints', 'options', 'shape'],
  },
  {
    folder: 'jetstream',
    uses: ['stream', 'records', 'ring', 'options', 'errors', '@nats-io/jetstream', '@nats-io/transport-node'],
    files: [
      'index',
      'publish',
      'jetstream-stream',
      'pieces',
      'publisher',
      'publish-options',
      'stored',
      'chain',
      'reply',
      'record',
      'lease',
      'connection',
      'headers',
      'failures',
      'pauses',
    ],
  },
  {
    folder: 'sources',
    uses: ['stream', 'records', 'ring', 'options', 'permission', 'errors'],
    files: [
      'udp',
      'external',
      'file',
      'file-options',
      'beginning',
      'udp-options',
      'device',
      'multicast',
      'open-flags',
      'pattern',
      'plugin',
    ],
    also: { external: ['native'] },
  },
  {
    folder: 'stream',
    uses: ['observe', 'records', 'ring', 'options', 'errors'],
    files: [
      'index',
      'channel-messages',
      'live-streams',
      'byte-stream',
      'line-loop',
      'producer-stream',
      'piping',
      'direct-ways',
      'byte-batches',
      'ring-source',
      'chunk-reader',
      'flowing-source',
      'observed',
      'hooks',
      'slot-loop',
      'direct-reader',
      'pipes',
      'sinks',
      'readable',
      'rest',
      'web',
    ],
  },
  {
    folder: 'observe',
    uses: ['ring', 'options', 'errors'],
    files: ['index', 'observer', 'stalls', 'live', 'channels', 'latency-options'],
  },
  {
    folder: 'records',
    uses: ['ring', 'options', 'errors'],
    files: [
      'index',
      'records',
      'record-unpacker',
      'record-batch',
      'record-strings',
      'record-view',
      'record-formats',
      'datagram-batch',
      'batch',
      'datagram-unpacker',
      'datagram',
      'datagram-gaps',
      'datagram-table',
      'datagram-sender',
      'record-slot',
      'unpacker',
    ],
  },
  {
    folder: 'ring',
    uses: ['native', 'options', 'permission', 'errors'],
    files: [
      'index',
      'feed',
      'memory',
      'held-slot',
      'loop-hold',
      'messages',
      'opening',
      'reader',
      'latency',
      'spare-memory',
      'all-lent',
      'allocate',
      'feed-events',
      'flushing',
      'gap',
      'kept-slot',
      'revoke',
      'sizing',
      'slot',
      'position',
      'source',
      'framing',
      'stats',
      'stopping',
      'turns',
    ],
  },
  {
    folder: 'binary',
    uses: ['errors'],
    files: ['index', 'explain', 'load', 'prebuilt', 'attempt', 'machine'],
  },
];
const ground = {
  index: ['include', 'sources/[^/]+', 'stream', 'observe', 'records', 'ring', 'options'],
  native: ['binary', 'errors'],
  options: ['permission', 'errors'],
  permission: ['errors'],
  include: [],
  errors: [],
};

function restrictImports(files, allowed, message) {
  const patterns = [{ regex: `^(?!node:|(?:${allowed.join('|')})$)`, message }];
  return { files, rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns }] } };
}

function restrictFile(file, allowed) {
  const message = `lib/${file}.ts may not import this: see the floors in eslint.config.mjs.`;
  return restrictImports([`lib/${file}.ts`], allowed, message);
}

const libLayers = [
  restrictImports(['lib/**/!(*.d).ts'], [], 'Say in eslint.config.mjs what this file may import.'),
  floors.map(({ folder, uses, files, also = {} }) =>
    ['*', ...files].map((file, i) => {
      const below = [...uses, ...(also[file] ?? [])].map((name) => (name.startsWith('@') ? name : `../${name}`));
      const behind = (i === 0 ? [] : files.slice(i)).map((name) => `./${name}`);
      return restrictFile(`${folder}/${file}`, [...below, ...behind]);
    }),
  ),
  Object.entries(ground).map(([file, names]) =>
    restrictFile(
      file,
      names.map((name) => `./${name}`),
    ),
  ),
];

// Tests see what users see, and so do examples.
const testImports = restrictImports(
  ['test/**/*.{ts,js,mjs,cjs}'],
  [
    'slipring',
    'slipring/jetstream',
    '@nats-io/(?:jetstream|transport-node)',
    '\\.{1,2}/(?!(?:.*/)?(?:lib|dist|addon|build|scripts)/).*',
  ],
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

// A command loads what it needs when it needs it: import would load all of it at the start.
const lazyCommands = {
  files: ['lib/cli/main.ts', 'lib/cli/{sources,sinks}/index.ts'],
  rules: { '@typescript-eslint/no-require-imports': 'off' },
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
  lazyCommands,
  { plugins: { '@typescript-eslint': tseslint.plugin } },
  libLayers,
  testImports,
  exampleImports,
);
