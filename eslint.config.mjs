import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import globals from 'globals';
import tseslint from 'typescript-eslint';

import { floors, ground } from './eslint.floors.mjs';

function restrictImports(files, allowed, message) {
  const patterns = [{ regex: `^(?!node:|(?:${allowed.join('|')})$)`, message }];
  return { files, rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns }] } };
}

function restrictFile(file, allowed) {
  const message = `lib/${file}.ts may not import this: see eslint.floors.mjs.`;
  return restrictImports([`lib/${file}.ts`], allowed, message);
}

const libLayers = [
  restrictImports(['lib/**/!(*.d).ts'], [], 'Say in eslint.floors.mjs what this file may import.'),
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
    'slipring/view',
    'playwright-core',
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
    parserOptions: {
      project: ['tsconfig.json', 'tsconfig.test.json', 'view/tsconfig.json'],
      tsconfigRootDir: import.meta.dirname,
    },
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
  files: ['lib/cli/main.ts', 'lib/cli/{sources,sinks,nats}/index.ts', 'lib/cli/carry/{copy,view}.ts'],
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
