/** Runs all contenders of a case, interleaved, so that whatever else the machine does hits all of them alike. */
import { busyShare } from './machine.mjs';
import { hasProgram } from './native.mjs';
import { runOnce } from './run-once.mjs';
import { summarize } from './metrics.mjs';

/** Why a contender cannot run here, if so. */
function obstacle(contender, programs) {
  if (!contender.command) return undefined;
  if (programs === undefined) return 'no C compiler';
  return contender.needs && !hasProgram(contender.needs) ? `no ${contender.needs}` : undefined;
}

export async function runCase(benchCase, settings, environment, progress) {
  const size = Math.floor(benchCase.size?.(settings.size) ?? settings.size);
  const { name, title, columns } = benchCase;
  const result = { name, title, columns, size, busy: 0, notRun: [], failed: [] };
  const samples = new Map();
  for (const contender of benchCase.contenders({ size, sweep: settings.sweep })) {
    const reason = obstacle(contender, environment.programs);
    if (reason) result.notRun.push({ name: contender.name, reason });
    else samples.set(contender, []);
  }

  const input = benchCase.noInput ? undefined : environment.workspace.input(size);
  for (let round = 0; round < settings.runs; round++) {
    result.busy = Math.max(result.busy, await busyShare());
    // Every other round backwards: nobody always comes after the same one.
    const order = round % 2 === 0 ? [...samples.keys()] : [...samples.keys()].reverse();
    for (const contender of order) {
      progress(`${title}: run ${round + 1} of ${settings.runs}, ${contender.name}`);
      try {
        samples.get(contender).push(await runOnce(benchCase, contender, { ...environment, input, size }));
      } catch (error) {
        result.failed.push({ name: contender.name, reason: error.message });
        samples.delete(contender);
      }
    }
  }
  return { ...result, contenders: summarize(samples, columns) };
}
