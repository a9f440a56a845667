/** Whether there is a program, and which. */
import type { ViewedProgram } from 'slipring/view';
import { find, setAttribute, setText } from './dom';
import { clock } from './words';

const element = find('#status');

function show(state: 'live' | 'waiting' | 'gone', text: string): void {
  setAttribute(element, 'data-state', state);
  setText(element, text);
  document.body.classList.toggle('stale', state === 'gone');
}

export function showProgram({ command, pid, node }: ViewedProgram): void {
  setText(find('#program'), `${command === '' ? 'node' : command} · process ${pid} · Node ${node.slice(1)}`);
  document.title = `${command || 'node'} · slipring`;
}

/** `restarted`: when another program took the place of one that was seen. */
export function showLive(restarted: number | undefined): void {
  const text = restarted === undefined ? '' : `: the program was started again at ${clock(restarted)}`;
  show('live', `Live${text}`);
}

export function showSilence(last: number): void {
  show('waiting', `Nothing since ${clock(last)}: the event loop of the program is busy, or the process is stopped.`);
}

export function showGone(reason: 'unreachable' | 'closed' | { refused: string }, last: number): void {
  const since = last === 0 ? '' : ` What you see is of ${clock(last)}.`;
  if (typeof reason === 'object') return show('gone', `${reason.refused} Trying again every second.${since}`);
  const what =
    reason === 'closed' ? 'The program has closed its view.' : 'The program has ended, or cannot be reached.';
  show('gone', `${what} Trying again every second.${since}`);
}
