/** What the figures depend on: the machine, and whether it does anything else. */
import os from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';

const SAMPLE_MS = 150;

/** From this share of the processors' time on, others take too much of it. */
export const TOO_BUSY = 0.1;

/** Nothing here tells which machine it was: no name, no path. */
export function describeMachine() {
  const [{ model }] = os.cpus();
  return {
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    // What follows the number says who built it.
    kernel: `${os.type()} ${/^[\d.]+/.exec(os.release())?.[0]}`,
    cpu: model.trim(),
    cores: os.availableParallelism(),
    memoryGb: Math.round(os.totalmem() / 1e9),
  };
}

function times() {
  let busy = 0;
  let all = 0;
  for (const { times: cpu } of os.cpus()) {
    const sum = cpu.user + cpu.nice + cpu.sys + cpu.irq;
    busy += sum;
    all += sum + cpu.idle;
  }
  return { busy, all };
}

/** The share of the processors' time that others use now. To be called while nothing of ours runs. */
export async function busyShare() {
  const before = times();
  await delay(SAMPLE_MS);
  const after = times();
  return after.all === before.all ? 0 : (after.busy - before.busy) / (after.all - before.all);
}
