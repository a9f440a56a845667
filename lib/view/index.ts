/// <reference types="node" preserve="true" />
/** `slipring/view`: what the streams do, in a browser. */
export { serveView, type View } from './serve-view';
export type {
  GapHappening,
  Happening,
  HappeningFacts,
  RotationHappening,
  StallHappening,
  ViewedCounts,
  ViewedError,
  ViewedLatency,
  ViewedProgram,
  ViewedStream,
  ViewSnapshot,
} from './snapshot';
export type { ViewOptions } from './view-options';
