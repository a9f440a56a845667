/** Every way to end a process or a worker, in every state of a stream: the exit code, the signal, and not a word more. */
import { strict as assert } from 'node:assert';

import { tries } from '../helpers/tries';
import { onWindows } from '../helpers/where';
import type { WorkerEnded } from './fixtures/worker-host';
import { askWorkers, repeat, runChild } from './helpers/child';

const RUNS = tries(20);
const HOSTS = 2;

const states = {
  opening: 'while a stream is opening',
  flowing: 'while a stream is flowing',
  full: 'while the ring of a stream is full',
  paused: 'while a stream is paused',
  closing: 'while a stream is closing',
  ...(onWindows
    ? {}
    : {
        talking: 'in the middle of messages that come one after the other',
        writing: 'while the thread of a stream writes to a file',
      }),
};

/** A stack as node prints it for an error that nobody caught, with nothing before it and nothing after. */
const UNCAUGHT = /^\S+:\d+\n.*\n *\^\n\nError: on purpose\n(?: {4}at .*\n)*\nNode\.js v\S+\n$/;

describe('the end of the main thread', () => {
  for (const [state, whileState] of Object.entries(states)) {
    it(`process.exit() ${whileState} gives its exit code`, async () => {
      const all = await repeat(RUNS, (run) => runChild('end', ['exit', state, run]));
      for (const ended of all) assert.deepEqual(ended, { code: 7, signal: null, stdout: '', stderr: '' });
    });

    it(`an error that nobody catches ${whileState} is reported once, with exit code 1`, async () => {
      const all = await repeat(RUNS, (run) => runChild('end', ['throw', state, run]));
      for (const { stderr, ...ended } of all) {
        assert.deepEqual(ended, { code: 1, signal: null, stdout: '' });
        assert.match(stderr, UNCAUGHT);
      }
    });

    it(`SIGTERM ${whileState} kills the process`, async () => {
      const all = await repeat(RUNS, (run) => runChild('end', ['SIGTERM', state, run]));
      for (const ended of all) assert.deepEqual(ended, { code: null, signal: 'SIGTERM', stdout: '', stderr: '' });
    });
  }
});

describe('the end of a worker', () => {
  async function inWorkers(end: string, state: string): Promise<WorkerEnded[]> {
    const hosts = await repeat(HOSTS, () => askWorkers(Math.ceil(RUNS / HOSTS), 'end', [end, state]));
    return hosts.flat();
  }

  for (const [state, whileState] of Object.entries(states)) {
    it(`terminate() ${whileState} ends the worker and nothing else`, async () => {
      for (const ended of await inWorkers('terminate', state)) assert.deepEqual(ended, { code: 1, said: [] });
    });

    it(`process.exit() in the worker ${whileState} gives its exit code`, async () => {
      for (const ended of await inWorkers('exit', state)) assert.deepEqual(ended, { code: 7, said: [] });
    });

    it(`an error that nobody catches in the worker ${whileState} reaches its 'error' event`, async () => {
      for (const ended of await inWorkers('throw', state)) {
        assert.deepEqual(ended, { code: 1, error: 'on purpose', said: [] });
      }
    });

    it(`SIGTERM from the worker ${whileState} kills the process`, async () => {
      const all = await repeat(RUNS, () => runChild('worker-host', [1, 'end', 'SIGTERM', state]));
      for (const ended of all) assert.deepEqual(ended, { code: null, signal: 'SIGTERM', stdout: '', stderr: '' });
    });
  }
});
