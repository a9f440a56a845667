/** Where bytes go. One thing is asked of a sink at a time. */
export interface Sink {
  /** As it was given. */
  readonly name: string;
  /** There will be something to write: what was there before goes. */
  begin?(): Promise<void>;
  /** When it is over, the memory is the caller's again. */
  write(bytes: Buffer): Promise<void>;
  /** All that was written is where it belongs. */
  end(): Promise<void>;
  /** Somebody has moved the file away: goes on in a new one. */
  reopen(): Promise<void>;
}
