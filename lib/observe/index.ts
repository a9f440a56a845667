/** What streams tell to whoever watches them: what the floors above may use of this folder. */
export type { CloseFacts, ErrorFacts, GapFacts, RotateFacts, StallFacts } from './channels';
export { Observer } from './observer';
