/** A log that is rotated again and again, without a pause: how many lines each has at the end. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const LINES = 10;
const QUIET_MS = 2000;

function followersOf({ slipring }) {
  return {
    'tail -F': ['tail', '-F', '-n', '+1', 'log'],
    'slipring tail': [...slipring, 'tail', '--from', 'start', 'log'],
  };
}

/** How many lines came, when none does any more. */
async function follow([program, ...args], { folder, rotations }) {
  const where = path.join(folder, 'logs');
  mkdirSync(where);
  const log = path.join(where, 'log');
  writeFileSync(log, 'begun\n');
  const child = spawn(program, args, { cwd: where, stdio: ['ignore', 'pipe', 'ignore'] });
  let lines = 0;
  child.stdout.on('data', (chunk) => {
    for (const byte of chunk) if (byte === 0x0a) lines++;
  });
  await once(child.stdout, 'data');
  for (let i = 0; i < rotations; i++) {
    renameSync(log, `${log}.${i}`);
    writeFileSync(log, Array.from({ length: LINES }, (_, line) => `line ${i * LINES + line}\n`).join(''));
  }
  for (let before = -1; before !== lines;) {
    before = lines;
    await delay(QUIET_MS);
  }
  child.kill('SIGINT');
  await once(child, 'close');
  rmSync(where, { recursive: true });
  return lines - 1;
}

export async function tailing(context) {
  const followers = followersOf(context);
  const runs = new Map(Object.keys(followers).map((name) => [name, []]));
  for (let round = 0; round < context.runs; round++) {
    for (const [name, command] of Object.entries(followers)) runs.get(name).push(await follow(command, context));
  }
  const written = context.rotations * LINES;
  const rows = Array.from(runs, ([name, counts]) => [name, String(Math.min(...counts)), String(Math.max(...counts))]);
  return {
    tables: [{ title: `${written} lines, ${context.rotations} rotations`, head: ['', 'lines, least', 'most'], rows }],
    promises: [{ what: `all ${written} lines`, isKept: runs.get('slipring tail').every((count) => count === written) }],
  };
}
