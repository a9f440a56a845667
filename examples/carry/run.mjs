import { fork } from 'node:child_process';
import { join } from 'node:path';

/** Runs child.mjs with `task` and returns its result. `onProgress` hears how many bytes it has read. */
export function runInChild(task, onProgress) {
  const child = fork(join(import.meta.dirname, 'child.mjs'));
  child.send(task);
  return new Promise((resolve, reject) => {
    const failed = (why) => reject(new Error(`${task.job} with ${task.reader} failed: ${why}`));
    let result;
    child.on('message', (message) => {
      if (message.progress !== undefined) onProgress(message.progress);
      if (message.error !== undefined) failed(message.error);
      if (message.result !== undefined) result = message.result;
    });
    child.on('error', (error) => failed(error.message));
    // Not before: the next run has the machine for itself.
    child.on('close', (code, signal) => {
      if (result && code === 0) resolve(result);
      else failed(`its process ended with ${signal ?? `exit code ${code}`}`);
    });
  });
}
