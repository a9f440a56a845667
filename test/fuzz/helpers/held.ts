/** What the process has: threads, and descriptors with what they are of. Nothing where the system does not tell. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

function look(folder: string, describe: (name: string) => string): string[] {
  return readdirSync(folder).flatMap((name) => {
    try {
      return [`${name} ${describe(`${folder}/${name}`)}`];
    } catch {
      return []; // the one that lists the folder, or a thread that has just ended
    }
  });
}

export function held(): string[] {
  if (process.platform !== 'linux') return [];
  return [
    ...look('/proc/self/fd', (file) => `is ${readlinkSync(file)}`),
    ...look('/proc/self/task', (folder) => `is a thread, ${readFileSync(`${folder}/comm`, 'utf8').trim()}`),
  ];
}

/** What is different, in words; '' when nothing is. A thread may have been ending before. */
export function difference(before: readonly string[], after: readonly string[]): string {
  const come = after.filter((one) => !before.includes(one)).map((one) => `left: ${one}`);
  const gone = before
    .filter((one) => !after.includes(one) && !one.includes(' is a thread'))
    .map((one) => `gone: ${one}`);
  return [...come, ...gone].join(', ');
}
