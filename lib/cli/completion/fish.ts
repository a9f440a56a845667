import { type Command, COMMANDS, HELP, type Option } from '../table';

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

function optionOf(command: string, { name, short, value, isOptional, choices, help }: Option): string {
  const parts = [`complete -c slipring -n ${quoted(`__fish_seen_subcommand_from ${command}`)} -l ${name}`];
  if (short !== undefined) parts.push(`-s ${short}`);
  // Files follow where nothing forbids them.
  if (value !== undefined && !isOptional) parts.push(value === 'FILE' || value === 'STATE' ? '-r -F' : '-x');
  if (choices) parts.push(`-a ${quoted(choices.join(' '))}`);
  parts.push(`-d ${quoted(help)}`);
  return `${parts.join(' ')}\n`;
}

function linesOf({ name, summary, options, completes, words }: Command): string {
  const seen = quoted(`__fish_seen_subcommand_from ${name}`);
  const operands =
    completes === 'nothing'
      ? `complete -c slipring -n ${seen} -f${words ? ` -a ${quoted(words.join(' '))}` : ''}\n`
      : '';
  const itself = `complete -c slipring -n __fish_use_subcommand -f -a ${name} -d ${quoted(summary)}\n`;
  return itself + operands + [...options, HELP].map((option) => optionOf(name, option)).join('');
}

export function fish(): string {
  return COMMANDS.map(linesOf).join('');
}
