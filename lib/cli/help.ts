/** The text of --help, made of the table. */
import { type Command, COMMANDS, HELP, type Option } from './table';

/** How wide the text is at most, so that it fits a terminal. */
const WIDTH = 100;
const EXITS = 'Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done but something was lost, 130 and 143 stopped.';

/** Fills lines up to the width; the first one begins at the column `indent`, and so do the others. */
function wrap(text: string, indent = 0): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) as string;
    if (indent + line.length + 1 + word.length > WIDTH) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.join(`\n${' '.repeat(indent)}`);
}

function rows(title: string, list: readonly (readonly [string, string])[]): string {
  const width = Math.max(...list.map(([what]) => what.length)) + 2;
  const lines = list.map(([what, meaning]) => `  ${what.padEnd(width)}${wrap(meaning, width + 2)}\n`);
  return `\n${title}:\n${lines.join('')}`;
}

/** `-L, --rate-limit RATE`, `--view[=HOST:PORT]` */
export function optionTitle({ name, short, value, isOptional }: Option): string {
  const argument = value === undefined ? '' : isOptional ? `[=${value}]` : ` ${value}`;
  return `${short === undefined ? '   ' : `-${short},`} --${name}${argument}`;
}

export function helpOf(command: Command): string {
  const { name, operands, about, lists = [], examples } = command;
  const usage = ['Usage: slipring', name, operands, '[options]'].filter((word) => word !== '').join(' ');
  const options = [...command.options, HELP].map((option): [string, string] => [
    optionTitle(option),
    meaningOf(option),
  ]);
  const sections = [
    ...lists.map((list) => rows(list.title, list.rows)),
    rows('Options', options),
    rows('Examples', examples),
  ];
  return `${usage}\n\n${wrap(about)}\n${sections.join('')}`;
}

function meaningOf({ help, choices }: Option): string {
  return choices === undefined ? help : `${help}: ${choices.join(', ')}`;
}

export function generalHelp(): string {
  const commands = COMMANDS.map(({ name, operands, summary }): [string, string] => [`${name} ${operands}`, summary]);
  const options: [string, string][] = [
    ['-h, --help', 'shows this, or what a command takes: slipring copy --help'],
    ['-v, --version', 'shows the version'],
  ];
  return `Usage: slipring <command>\n${rows('Commands', commands)}${rows('Options', options)}\n${EXITS}\n`;
}
