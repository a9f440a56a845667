/** What streams tell to whoever watches them: what the floors above may use of this folder. */
import { live, type Living } from './live';
import { lookForStalls } from './stalls';

export type { CloseFacts, ErrorFacts, GapFacts, RotateFacts, StallFacts } from './channels';
export { resolveLatencyOptions } from './latency-options';
export { Observer } from './observer';

/** What is known of the streams that are open. Who asks may also have subscribed to stalls since. */
export function observed(): Omit<Living, 'look' | 'forgetLooks'>[] {
  lookForStalls();
  return [...live];
}
