/** What a view tells of a program at one moment: the JSON of its events. */
import type { Stats } from '../ring';
import type { StreamMessage } from '../stream';

/** A snapshot: the data of each event of `/events`. It stands alone, so that one that was missed is no harm. */
export interface ViewSnapshot {
  /** Another number when what is here means something else. What is added does not change it. */
  version: 1;
  /** When it was made, in milliseconds since 1970, as all times here are. */
  time: number;
  /** Which program it is of: another one when this differs. */
  program: ViewedProgram;
  /** Those that are open, in the order in which the view came to know them, and among them those that have ended lately. */
  streams: ViewedStream[];
  /** How many more are open, which are not in `streams`. */
  others: number;
}

/** Of which program a snapshot is. */
export interface ViewedProgram {
  /** The number of its process. */
  pid: number;
  /** When its view was opened. */
  started: number;
  /** Its script and the arguments. */
  command: string;
  /** The version of Node. */
  node: string;
}

/** One stream at that moment. */
export interface ViewedStream {
  /** The same in all snapshots of a program. */
  id: number;
  /** What it reads: a path, an address, a library, or what kind of source it is. */
  name: string;
  /** As the messages of the channels have it. */
  source: StreamMessage['source'];
  /** `ended`: to its end, or because it was destroyed. */
  state: 'opening' | 'open' | 'ended' | 'failed';
  /** When the view came to know it. */
  since: number;
  /** When it ended or failed, as far as the view saw that; null before. */
  until: number | null;
  /** What it failed with. */
  error: ViewedError | null;
  /** What `stream.stats()` returns; of one that has ended, for the last time. */
  stats: Stats;
  /** How many of `stats.slotsFree` the thread is filling: one at most. */
  slotsFilling: number;
  /** Bytes a second that were handed to the consumer during the last second. */
  rate: number;
  /** For which part of the last second the thread slept because no slot was free: 0 to 1. */
  producerWaiting: number;
  /** How often the consumer had taken everything during the last second, and had to be woken. */
  consumerWaits: number;
  /** How many chunks, or records, were lost during the last second, as far as they are counted. */
  lostChunks: number;
  /** Who waits for whom, as a sentence. */
  waiting: string;
  /** Since when the consumer stands still; null when it does not. */
  stalledSince: number | null;
  /**
   * How long the chunks that were taken since the last snapshot had lain in the ring; null when none was. Of very many only some periods
   * are measured, and stand for the others.
   */
  latency: ViewedLatency | null;
  /** How often something was missing, the consumer stood still, or another file began, since the view came to know it. */
  counts: ViewedCounts;
  /** The last of these, the oldest first. */
  happenings: Happening[];
}

/** What a stream failed with. */
export interface ViewedError {
  /** Null when it has none. */
  code: string | null;
  /** For a person. */
  message: string;
}

/** How long chunks lay in the ring, in nanoseconds. */
export interface ViewedLatency {
  /** Half of them no longer than this. */
  p50: number;
  /** 99 of 100 no longer than this. */
  p99: number;
  /** The longest. */
  max: number;
}

/** How often something rare happened. */
export interface ViewedCounts {
  /** Something was missing. */
  gaps: number;
  /** The consumer stood still. */
  stalls: number;
  /** Another file began. */
  rotations: number;
}

/** Something rare. */
export type Happening = GapHappening | StallHappening | RotationHappening;

/** What all have. */
export interface HappeningFacts {
  /** When it was; of several the first. */
  time: number;
  /** How many there were: of a kind of which several come within a second, one stands for them all. */
  times: number;
}

/** Something is missing. */
export interface GapHappening extends HappeningFacts {
  /** Which it is. */
  kind: 'gap';
  /** The number of the first chunk, or record, that is missing. */
  sequence: number;
  /** How many are; null when nobody knows. */
  chunks: number | null;
  /** As far as it is known. */
  bytes: number;
  /** How many files. */
  files: number;
}

/** The consumer takes nothing. */
export interface StallHappening extends HappeningFacts {
  /** Which it is. */
  kind: 'stall';
  /** For how many milliseconds, by then. */
  duration: number;
  /** Slots that it did not ask for. */
  ready: number;
  /** Slots that it had, and did not release. */
  lent: number;
}

/** Another file begins. */
export interface RotationHappening extends HappeningFacts {
  /** Which it is. */
  kind: 'rotation';
  /** How far the one before was read. */
  offset: number;
}
