import { type Command, COMMANDS, HELP, type Option } from '../table';

/** Within single quotes, where brackets and colons mean something to `_arguments`. */
function quoted(text: string): string {
  return text.replace(/[[\]:\\]/g, '\\$&').replaceAll("'", "'\\''");
}

function argumentOf({ value, isOptional, choices }: Option): string {
  if (value === undefined) return '';
  if (isOptional) return `::${quoted(value)}: `;
  if (choices) return `:${quoted(value)}:(${choices.join(' ')})`;
  return value === 'FILE' || value === 'STATE' ? `:${value}:_files` : `:${quoted(value)}: `;
}

function optionOf(option: Option): string {
  const { name, short, isOptional, help } = option;
  const rest = `'[${quoted(help)}]${argumentOf(option)}'`;
  if (short === undefined) return `--${name}${isOptional ? '=-' : ''}${rest}`;
  return `'(-${short} --${name})'{-${short},--${name}}${rest}`;
}

function operandsOf({ completes, words }: Command): string[] {
  if (words) return [`'*:word:(${words.join(' ')})'`];
  if (completes === 'nothing') return [];
  return [completes === 'folder' ? "'*:folder:_files -/'" : "'*:file:_files'"];
}

function commandOf(command: Command): string {
  const specs = [...[...command.options, HELP].map(optionOf), ...operandsOf(command)];
  return `    ${command.name}) _arguments ${specs.map((spec) => `\\\n      ${spec}`).join(' ')} ;;\n`;
}

export function zsh(): string {
  const names = COMMANDS.map(({ name, summary }) => `    '${name}:${quoted(summary)}'\n`).join('');
  return `#compdef slipring
_slipring() {
  local -a commands
  commands=(
${names}  )
  if ((CURRENT == 2)); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  ((CURRENT--))
  case $command in
${COMMANDS.map(commandOf).join('')}  esac
}
if [[ $funcstack[1] == _slipring ]]; then _slipring; else compdef _slipring slipring; fi
`;
}
