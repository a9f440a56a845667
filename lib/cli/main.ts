#!/usr/bin/env node
/**
 * The command `slipring`. Its exit code is 0 when all is done, 1 when something could not be done, and 2 when the command
 * line makes no sense.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';

import { build } from './build';
import { Failure, usage } from './failure';
import { initSource } from './init-source';

const HELP = `Usage: slipring <command>

Commands:
  build                 compiles the native binary, on a machine that no prebuilt one fits
  init-source <folder>  writes a plugin project: a source in C or C++, and what makes a stream of it

Options:
  -h, --help            shows this, or what a command takes: slipring init-source --help
  -v, --version         shows the version
`;

/** The version of the package that this is a part of. */
function version(): string {
  const file = path.join(__dirname, '..', '..', 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

/** What the command has to say on its standard output. */
function run([command, ...args]: string[]): string {
  switch (command) {
    case 'build':
      return build(args);
    case 'init-source':
      return initSource(args, version());
    case '-h':
    case '--help':
      return HELP;
    case '-v':
    case '--version':
      return `${version()}\n`;
    case undefined:
      throw usage('Say what to do.', 'slipring');
    default:
      throw usage(`There is no command "${command}".`, 'slipring');
  }
}

try {
  process.stdout.write(run(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  process.stderr.write(`slipring: ${error.message}\n`);
  process.exitCode = error.exitCode;
}
