/** The ring as JavaScript sees it: what the floors above may use of this folder. */
export { END, type Framing, tableBegin, UNFINISHED } from './framing';
export { ORDINARY, PATIENCE, type Source } from './source';
export { allocateFor } from './allocate';
export { Feed } from './feed';
export { type Notice, NEWS } from './reader';
export { CHECKED, type Position, positionBehind, positionIn, type Rotation } from './position';
export { revoke } from './revoke';
export { FINISHED, NOTHING_READY, type SourceOptions } from '../native';
export type { CountedGap, Gap } from './gap';
export type { HeldSlot } from './held-slot';
export type { KeptSlot } from './kept-slot';
export type { Latency, LatencyHistogram, LatencyOptions } from './latency';
export type { ChunkSize } from './sizing';
export type { LentSlot, Records, Slot } from './slot';
export type { RecordCounts, Stats } from './stats';
export type { Writing } from './writing';
