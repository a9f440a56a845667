import type { Framing } from './framing';
import type { SourceOptions } from '../native';
import type { Access } from '../permission';

/** Which native source a stream reads from, and how. Nothing is optional: what is left out could be inherited. */
export interface Source {
  name: string;
  options: SourceOptions;
  /** What Node's permission model has to permit before it is opened. */
  access: readonly Access[];
  /**
   * When the stream keeps the process alive: as long as it is open, as a socket does, or only while it opens and while
   * somebody waits for a chunk, as a file does.
   */
  keepsAlive: 'while open' | 'while reading';
  /** Its chunks are batches of records: the stream finds itself what is missing, in records. */
  hasRecords: boolean;
  /** It may lose chunks whatever the overflow policy is. */
  mayLose: boolean;
  /** What it reads is to fill whole slots. */
  wholeSlots: boolean;
  /** How many milliseconds its thread gets to end when the stream is closed. Without a number it always ends. */
  patience: number | undefined;
  /** Its bytes are parted into records. Its chunks may be `hasRecords` of its own, or such ones, not both. */
  framing: Framing | undefined;
}

/** What most sources have in common; the others say what is different. */
export const ORDINARY = {
  hasRecords: false,
  mayLose: false,
  wholeSlots: false,
  patience: undefined,
  framing: undefined,
} as const;

/**
 * In milliseconds, for what is called that may never return: a file system whose server is gone, a plugin. Hardware has to be
 * waited for when it is closed.
 */
export const PATIENCE = 5000;
