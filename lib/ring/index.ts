export { ORDINARY, PATIENCE, type Source, type SourceOptions } from './source';
export { allocateFor } from './allocate';
export { Feed, FINISHED, GAP, NOTHING_READY } from './feed';
export type { CountedGap, Gap } from './gap';
export type { HeldSlot } from './held-slot';
export { isDestroyed, isTerminalSink } from './sinks';
export type { LentSlot, Slot } from './slot';
export type { RecordCounts, Stats } from './stats';
