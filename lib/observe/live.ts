/** The streams of this thread that are open, in the order in which they were made. */

/** What is known of one. */
export interface Living {
  readonly stream: object;
  /** Which kind of source fills it. */
  readonly source: string;
  /** Whether its source is, or was, open. */
  readonly opened: boolean;
  /** Whether its thread sleeps until there is a slot. */
  readonly isWaiting: boolean;
  /** Called now and then while somebody wants to know of stalls. */
  look(now: number): void;
  /** Nobody has looked for a while. */
  forgetLooks(): void;
}

/**
 * Not weak: nobody is here for longer than native code itself holds the stream, which is until its thread has ended. A weak
 * reference for each would cost more than all else that is observed.
 */
export const live = new Set<Living>();
