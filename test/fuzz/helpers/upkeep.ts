/** What ends a stream, waits for that, or only looks: whatever is neither reading nor piping. */
import { finished, Readable } from 'node:stream';

import { OnPurpose } from './errors';
import { follow, stop, wait, type Operation } from './stage';

export const ending: Record<string, Operation> = {
  destroy(watched, random) {
    const error = random.of([undefined, undefined, null, new OnPurpose('destroy'), new Error('destroy'), 5]);
    stop(watched, error);
    return `destroy(${String(error)})`;
  },
  close(watched, random, stage) {
    const { stream } = watched as unknown as { stream: { close?: (callback?: () => void) => void } };
    if (!stream.close) return undefined;
    watched.wasStopped = true;
    if (random.oneIn(2)) stream.close();
    else wait(stage, 'close', watched, (done) => stream.close?.(done));
    return 'close';
  },
  dispose(watched, _random, stage) {
    const dispose = Reflect.get(watched.stream, Symbol.asyncDispose) as (() => Promise<void>) | undefined;
    if (!dispose) return undefined;
    watched.wasStopped = true;
    follow(stage, 'asyncDispose', watched, dispose.call(watched.stream));
    return 'asyncDispose';
  },
  finished(watched, _random, stage) {
    wait(stage, 'finished', watched, (done) => finished(watched.stream as NodeJS.ReadableStream, done));
    return 'finished';
  },
};

export const looking: Record<string, Operation> = {
  ref({ stream }) {
    stream.ref();
    return 'ref';
  },
  unref({ stream }) {
    stream.unref();
    return 'unref';
  },
  stats(watched) {
    watched.checkStats();
    return 'stats';
  },
  monitorLatency({ stream }, random) {
    const latency = stream.monitorLatency();
    latency.enable();
    if (random.oneIn(2)) latency.disable();
    return 'monitorLatency';
  },
  address({ stream }) {
    if (!('address' in stream)) return undefined;
    (stream.address as () => unknown)();
    return 'address';
  },
  properties({ stream }) {
    const prototype = Object.getPrototypeOf(stream) as object;
    for (const owner of [stream, prototype, Object.getPrototypeOf(prototype) as object, Readable.prototype]) {
      for (const name of Object.getOwnPropertyNames(owner)) void Reflect.get(stream, name);
    }
    return 'all properties';
  },
  release({ retained }, random) {
    if (retained.length > 0) retained.splice(random.below(retained.length), 1)[0]?.();
    return 'release';
  },
};
