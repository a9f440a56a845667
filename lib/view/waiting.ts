/** Who waits for whom, in words. */
import type { ViewedStream } from './snapshot';

type Known = Omit<ViewedStream, 'waiting'>;

/** Below this the consumer keeps up, as far as anybody sees. */
const NOTICEABLE = 0.01;
const SECOND = 1000;

function ofStalled({ stats }: Known, seconds: number): string {
  const lent = stats.slotsLent > 0 ? `, and keeps ${stats.slotsLent} of ${stats.slots} slots` : '';
  return `The consumer has taken nothing for ${seconds} s${lent}: the source waits.`;
}

export function waitingOf(stream: Known, now: number): string {
  const { state, stats, stalledSince, producerWaiting, consumerWaits, lostChunks, rate } = stream;
  if (state === 'opening') return 'It is being opened.';
  if (state === 'ended') return 'It has ended: nobody waits.';
  if (state === 'failed') return 'It has failed: nobody waits.';
  if (stalledSince !== null) return ofStalled(stream, Math.round((now - stalledSince) / SECOND));
  if (lostChunks > 0) return 'More comes than is taken: what finds no room is lost.';
  if (producerWaiting >= NOTICEABLE) {
    return `The source waits for the consumer, ${Math.round(producerWaiting * 100)} % of the time.`;
  }
  if (rate === 0 && stats.slotsReady === 0) return 'The consumer waits for the source, which has nothing to say.';
  if (consumerWaits > 0) return 'The consumer waits for the source, and is the faster one.';
  return 'Neither waits for the other.';
}
