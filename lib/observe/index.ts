/** What streams tell to whoever watches them: what the floors above may use of this folder. */
import { live } from './live';
import { lookForStalls } from './stalls';

export type { CloseFacts, ErrorFacts, GapFacts, RotateFacts, StallFacts } from './channels';
export { resolveLatencyOptions } from './latency-options';
export { Observer } from './observer';

/** The streams that are open. Who asks may also have subscribed to stalls since. */
export function observedStreams(): object[] {
  lookForStalls();
  return Array.from(live, ({ stream }) => stream);
}
