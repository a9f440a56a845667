import { type Command, COMMANDS, HELP } from '../table';

/** A word, or several, for the shell. */
const quoted = (text: string): string => `'${text}'`;

function optionsOf({ name, options }: Command): string {
  const words = [...options, HELP].flatMap((option) => [
    `--${option.name}`,
    ...(option.short ? [`-${option.short}`] : []),
  ]);
  return `    ${name}) options=${quoted(words.join(' '))} ;;\n`;
}

/** What follows an option, or is an operand that is one of few words. */
function argumentsOf({ name, options }: Command): string {
  return options
    .filter(({ value, isOptional }) => value !== undefined && !isOptional)
    .map(({ name: option, short, value, choices = [] }) => {
      const patterns = [`--${option}`, ...(short ? [`-${short}`] : [])].map((given) => quoted(`${name} ${given}`));
      const action = value === 'FILE' || value === 'STATE' ? 'files=1' : `words=${quoted(choices.join(' '))}`;
      return `    ${patterns.join(' | ')}) ${action} ;;\n`;
    })
    .join('');
}

function operandsOf({ name, completes, words }: Command): string {
  if (words) return `    ${name}) words=${quoted(words.join(' '))} ;;\n`;
  return completes === 'nothing' ? '' : `    ${name}) files=1 ;;\n`;
}

export function bash(): string {
  const names = [...COMMANDS.map(({ name }) => name), '--help', '--version'].join(' ');
  return `_slipring() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]} command=\${COMP_WORDS[1]}
  local options= words= files=
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    COMPREPLY=($(compgen -W ${quoted(names)} -- "$cur"))
    return
  fi
  case $command in
${COMMANDS.map(optionsOf).join('')}  esac
  case "$command $prev" in
${COMMANDS.map(argumentsOf).join('')}    *)
      if [[ $cur == -* ]]; then
        words=$options
      else
        case $command in
${COMMANDS.map(operandsOf)
  .filter((line) => line !== '')
  .map((line) => `      ${line}`)
  .join('')}        esac
      fi
      ;;
  esac
  if [[ $files ]]; then
    local IFS=$'\\n'
    COMPREPLY=($(compgen -f -- "$cur"))
  else
    COMPREPLY=($(compgen -W "$words" -- "$cur"))
  fi
}
complete -o filenames -F _slipring slipring
`;
}
