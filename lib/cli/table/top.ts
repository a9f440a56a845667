import type { Command } from './shape';

export const TOP: Command = {
  name: 'top',
  operands: 'URL',
  completes: 'nothing',
  summary: 'shows what the streams of a running program do, in the terminal',
  about:
    'Shows the live view of a program: where the slots of each stream are, how fast it is, who waits for whom, what was lost. ' +
    'URL is what `slipring … --view`, or serveView() of slipring/view, has printed. Ends with q or SIGINT, or with the program. ' +
    'Where the standard output is no terminal, each picture comes after the other.',
  options: [{ name: 'count', short: 'n', value: 'N', help: 'ends after N pictures' }],
  examples: [
    ["slipring top 'http://127.0.0.1:9000/?token=…'", 'watches a program'],
    ["slipring top -n 1 'http://127.0.0.1:9000/?token=…'", 'prints how it is now'],
  ],
};
