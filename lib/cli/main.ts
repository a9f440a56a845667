#!/usr/bin/env node
/** The command `slipring`. What it takes is in table/, and what its exit codes mean, too. */
import { readFileSync } from 'node:fs';
import path from 'node:path';

import { Arguments } from './arguments';
import { Failure, usage } from './failure';
import { generalHelp, helpOf } from './help';
import { print, tellSentence } from './output';
import { COMMANDS } from './table';

/** @returns the exit code */
type Run = (args: Arguments) => number | Promise<number>;

/** Loaded when it is called for: a command starts the faster the less it loads. */
const RUNS: Record<string, () => Run> = {
  copy: () => (require('./carry') as typeof import('./carry')).copy,
  cat: () => (require('./carry') as typeof import('./carry')).cat,
  listen: () => (require('./listen') as typeof import('./listen')).listen,
  tail: () => (require('./tail') as typeof import('./tail')).tail,
  top: () => (require('./top') as typeof import('./top')).top,
  bench: () => (require('./bench') as typeof import('./bench')).bench,
  doctor: () => (require('./doctor') as typeof import('./doctor')).doctor,
  build: () => (require('./native') as typeof import('./native')).build,
  completion: () => (require('./completion') as typeof import('./completion')).completion,
  'init-source': () => (require('./project') as typeof import('./project')).initSource,
};

/** The version of the package that this is a part of. */
function version(): string {
  const file = path.join(__dirname, '..', '..', 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

function say(text: string): number {
  print(text);
  return 0;
}

function run([name, ...args]: string[]): number | Promise<number> {
  if (name === undefined) throw usage('Say what to do.', 'slipring');
  if (name === '-h' || name === '--help') return say(generalHelp());
  if (name === '-v' || name === '--version') return say(`${version()}\n`);
  const command = COMMANDS.find((known) => known.name === name);
  if (command === undefined) throw usage(`There is no command "${name}".`, 'slipring');
  const given = new Arguments(command, args);
  if (given.has('help')) return say(helpOf(command));
  return (RUNS[name] as () => Run)()(given);
}

/** What is wrong is one sentence. Only what nobody expected has a stack. */
function fail(error: unknown): number {
  const isOurs = error instanceof Failure || (error as { code?: unknown }).code === 'ERR_SLIPRING_NATIVE_MISSING';
  if (!isOurs) throw error;
  tellSentence((error as Error).message);
  return error instanceof Failure ? error.exitCode : 1;
}

async function main(): Promise<void> {
  // Whoever carries nothing yet has no figures. Node's own answer would be a debugger, on an open port.
  process.on('SIGUSR1', () => undefined);
  try {
    process.exitCode = await run(process.argv.slice(2));
  } catch (error) {
    // What was opened before it failed is not waited for.
    process.exit(fail(error));
  }
}

void main();
