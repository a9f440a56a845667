import type { Command } from './shape';

export const BUILD: Command = {
  name: 'build',
  operands: '',
  completes: 'nothing',
  summary: 'compiles the native binary, on a machine that no prebuilt one fits',
  about:
    "Compiles slipring's native binary, for machines that no prebuilt one fits: for the slipring that the project in the " +
    'current folder uses, if it uses one. It takes CMake 3.15 or newer, make or ninja, and a compiler for C++20. The ' +
    'headers come from npm, unless they are there.',
  options: [{ name: 'if-needed', help: 'not when one loads that is as new as its sources' }],
  examples: [['npx slipring build', 'compiles it for this project']],
};
