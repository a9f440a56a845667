// Which mutants a run plants, when it does not plant all of them: those of the files that changed since the base, and a sample
// of the others, another one for each commit.
import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';

import { root } from './files.mjs';

// Together they take a few minutes.
const MOST = 40;
const LEAST_SAMPLED = 12;
const ONE_DAY = 24 * 60 * 60;

/** What git says, without the last newline; '' when it says nothing, or there is no git. */
function git(...args) {
  const { status, stdout } = spawnSync('git', args, { cwd: root, encoding: 'utf8' });
  return status === 0 ? stdout.trim() : '';
}

/** Where the work at hand began: what origin has, or, when that is all there is, what there was a day before. */
function findBase() {
  const head = git('rev-parse', 'HEAD');
  const published = git('merge-base', 'HEAD', 'origin/main');
  if (published !== '' && published !== head) return published;
  const before = Number(git('log', '-1', '--format=%ct')) - ONE_DAY;
  return git('rev-list', '-1', `--before=${before}`, 'HEAD');
}

/** In an order that the seed decides. */
function shuffled(mutants, seed) {
  const place = ({ name }) => createHash('sha256').update(`${seed} ${name}`).digest('hex');
  return mutants
    .map((mutant) => [place(mutant), mutant])
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, mutant]) => mutant);
}

/**
 * `mutants` have a `file` and a `test` ("file:behaviour"). Returns those to plant, in their order, and in words which these
 * are, and what is left out.
 */
export function choose(mutants, seed = git('rev-parse', 'HEAD') || 'no git') {
  const base = findBase();
  const files = new Set(git('diff', '--name-only', base || 'HEAD').split('\n'));
  const isChanged = ({ file, test }) => files.has(file) || files.has(`test/native/${test.split(':')[0]}.cc`);
  const changed = shuffled(mutants.filter(isChanged), seed).slice(0, MOST - LEAST_SAMPLED);
  const others = mutants.filter((mutant) => !changed.includes(mutant));
  const sample = shuffled(others, seed).slice(0, MOST - changed.length);
  const chosen = new Set([...changed, ...sample]);
  const planted =
    `planted: ${changed.length} mutants of what changed since ${base.slice(0, 8) || 'HEAD'}, ` +
    `${sample.length} of the others by the seed ${seed.slice(0, 8)}`;
  const leftOut = `left out: ${mutants.length - chosen.size} of ${mutants.length} mutants`;
  return { chosen: mutants.filter((mutant) => chosen.has(mutant)), words: [planted, leftOut] };
}
