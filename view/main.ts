/** The page: takes what the program tells, and shows it. */
import type { ViewedProgram, ViewSnapshot } from 'slipring/view';
import { connect } from './connection';
import { showGone, showLive, showProgram, showSilence } from './status';
import { Streams } from './streams';
import { Totals } from './totals';

const streams = new Streams();
const totals = new Totals();
let program: ViewedProgram | undefined;
let last: ViewSnapshot | undefined;
let restarted: number | undefined;

function meet(other: ViewedProgram): void {
  const isOther = program?.pid !== other.pid || program.started !== other.started;
  if (!isOther) return;
  if (program) restarted = other.started;
  program = other;
  streams.clear();
  showProgram(other);
}

/** Nobody sees a page that is hidden. */
function draw(): void {
  if (!last || document.hidden) return;
  streams.draw(last.time);
  totals.draw(last);
}

document.addEventListener('visibilitychange', draw);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => streams.recolor());

void connect(new URL(`events${location.search}`, location.href), {
  snapshot(snapshot) {
    meet(snapshot.program);
    last = snapshot;
    streams.take(snapshot);
    showLive(restarted);
    draw();
  },
  silence() {
    streams.stop();
    showSilence(last?.time ?? Date.now());
  },
  gone(reason) {
    streams.stop();
    showGone(reason, last?.time ?? 0);
  },
});
