import type { Command } from './shape';

export const INIT_SOURCE: Command = {
  name: 'init-source',
  operands: '<folder>',
  completes: 'folder',
  summary: 'writes a plugin project: a source in C or C++, and what makes a stream of it',
  about:
    'Writes a plugin project into a new folder: a source in C or C++, a script that compiles it, the JavaScript that makes ' +
    "a stream of it, its test and its README. The folder's name becomes the project's.",
  options: [
    { name: 'lang', value: 'LANGUAGE', choices: ['c', 'c++', 'cpp'], help: 'the language of the source (default: c)' },
    { name: 'cpp', help: 'the same as --lang c++' },
  ],
  examples: [['npx slipring init-source my-source', 'writes a project in C']],
};
