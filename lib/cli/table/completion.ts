import type { Command } from './shape';

export const COMPLETION: Command = {
  name: 'completion',
  operands: 'SHELL',
  completes: 'nothing',
  words: ['bash', 'zsh', 'fish'],
  summary: 'prints what makes a shell complete the command: bash, zsh or fish',
  about: 'Prints a script for bash, zsh or fish. The shell completes commands, options and their arguments with it.',
  options: [],
  examples: [
    ['source <(slipring completion bash)', 'in ~/.bashrc'],
    ['slipring completion zsh > ~/.zfunc/_slipring', 'in a folder of fpath'],
    ['slipring completion fish > ~/.config/fish/completions/slipring.fish', ''],
  ],
};
