// Makes man/slipring.1 of the table of commands: after a build, node scripts/man-page.mjs; with --check it says whether the page
// is what the table says.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { root } from './files.mjs';

const { COMMANDS, EXIT_CODES, HELP } = await import(join(root, 'dist/cli/table/index.js')).then((m) => m.default ?? m);
const page = join(root, 'man/slipring.1');

/** A line that begins with a dot or an apostrophe, a hyphen and a backslash mean something else to troff. */
const escaped = (text) => text.replaceAll('\\', '\\e').replaceAll('-', '\\-').replace(/^[.']/, '\\&$&');

const term = (what, meaning) => `.TP\n.B ${escaped(what)}\n${escaped(meaning)}\n`;

function option({ name, short, value, isOptional, choices, help }) {
  const names = [...(short ? [`-${short}`] : []), `--${name}`].join(', ');
  const title = value === undefined ? names : isOptional ? `${names}[=${value}]` : `${names} ${value}`;
  return term(title, choices ? `${help}: ${choices.join(', ')}` : help);
}

function command({ name, operands, about, lists = [], options, examples }) {
  return [
    `.SS slipring ${escaped(`${name} ${operands}`.trim())}\n${escaped(about)}\n`,
    ...lists.map(({ title, rows }) => `.PP\n${title}:\n${rows.map((row) => term(...row)).join('')}`),
    `.PP\nOptions:\n${[...options, HELP].map(option).join('')}`,
    `.PP\nExamples:\n.PP\n.nf\n${examples.map(([line]) => `    ${escaped(line)}\n`).join('')}.fi\n`,
  ].join('');
}

const text = [
  '.\\" Made by scripts/man-page.mjs of lib/cli/table. Do not edit.\n',
  '.TH SLIPRING 1\n.SH NAME\nslipring \\- carries bytes from files, devices and sockets with a native thread\n',
  '.SH SYNOPSIS\n.B slipring\n.I command\n[\\fIoperand\\fR ...] [\\fIoptions\\fR]\n',
  `.SH COMMANDS\n${COMMANDS.map(command).join('')}`,
  `.SH EXIT STATUS\n${EXIT_CODES.map(([code, meaning]) => term(String(code), meaning)).join('')}`,
  '.SH SIGNALS\n',
  term('SIGINT, SIGTERM', 'stops, and writes what has been read; the second one ends it at once'),
  term('SIGHUP', 'opens the files that are written anew, for who has moved them away'),
  term('SIGUSR1', 'prints how it goes'),
].join('');

if (process.argv.includes('--check')) {
  if (readFileSync(page, 'utf8') !== text) {
    console.error('man/slipring.1 is not what the table says: npm run build:ts && node scripts/man-page.mjs');
    process.exitCode = 1;
  }
} else writeFileSync(page, text);
