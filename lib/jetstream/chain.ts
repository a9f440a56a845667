/**
 * Messages on their way, each of which names the one before it: the server stores one only right behind that. So nothing is
 * stored twice, left out, or out of order, whatever is sent again, comes late, or comes from somebody else.
 */
import type { Position } from '../ring';
import type { FailureKind } from './failures';
import type { Lease } from './lease';
import { messageId, type Predecessor } from './headers';
import type { Reply } from './reply';

/** What is to be published. */
export interface Outgoing {
  payload: Uint8Array;
  begin: Position;
  end: Position;
  lease: Lease;
}

interface Message extends Outgoing {
  id: string;
  /** The memory is the publisher's own: what was sent before may still be read by the client. */
  isCopy: boolean;
  /** How the server has stored it. */
  sequence: number | undefined;
  /** It was sent when the one before it was not stored yet. */
  isAhead: boolean;
}

/** Sends a message; `round` and `number` come back with the reply. */
export type Transmit = (
  message: { id: string; payload: Uint8Array; end: Position; after: Predecessor },
  round: number,
  number: number,
) => void;

/** Why the messages that are under way have to be sent again. */
export interface Trouble {
  kind: FailureKind | 'MISPLACED';
  cause: unknown;
}

/** After so many acks in a row it tries to have twice as many under way as it could lately. */
const TRUST = 64;

export class Chain {
  /** When something was stored the last time, or began to wait for that; and was sent again; on the clock of `performance`. */
  waitingSince = performance.now();
  sentAgain = 0;
  messages = 0;
  bytes = 0;
  /** Where the last message that is stored ends. */
  end: Position | undefined;
  /** The sequence of the last message that is stored; 0 when there is none. */
  last = 0;
  readonly #publisher: string;
  readonly #transmit: Transmit;
  readonly #most: { messages: number; bytes: number };
  readonly #messages = new Map<number, Message>();
  #heldBytes = 0;
  /** The number of the first that is not stored, of the next to be sent, and of the next to come. */
  #low = 0;
  #next = 0;
  #top = 0;
  /** All that is sent again is sent in another round: what is said of an earlier one may be out of date. */
  #round = 0;
  #unanswered = 0;
  /** How many may be under way: fewer where others write to the same stream. */
  #depth: number;
  #confident = 0;
  #halted = false;
  /** Only one is under way, until it is stored. */
  #careful = true;

  constructor(publisher: string, most: { messages: number; bytes: number }, transmit: Transmit) {
    this.#publisher = publisher;
    this.#most = most;
    this.#depth = most.messages;
    this.#transmit = transmit;
  }

  get hasRoom(): boolean {
    const { messages, bytes } = this.#most;
    return this.isEmpty || (this.#messages.size < messages && this.#heldBytes < bytes);
  }

  /** Whether so many are stored that it is worth to make more: many go in one write. */
  get isRoomy(): boolean {
    const { messages, bytes } = this.#most;
    return this.isEmpty || (this.#messages.size <= (messages * 3) / 4 && this.#heldBytes <= (bytes * 3) / 4);
  }

  get isEmpty(): boolean {
    return this.#messages.size === 0;
  }

  /** Whether everything that was sent has an answer. */
  get isAnswered(): boolean {
    return this.#unanswered === 0;
  }

  push(outgoing: Outgoing): void {
    if (this.isEmpty) this.waitingSince = performance.now();
    const id = messageId(outgoing.begin, this.#publisher, this.#top);
    this.#messages.set(this.#top++, { ...outgoing, id, isCopy: false, sequence: undefined, isAhead: false });
    this.#heldBytes += outgoing.payload.length;
    this.#send();
  }

  /** Takes an answer. Returns what is wrong, when that is news: then nothing more is sent, until `goOn`. */
  take(round: number, number: number, reply: Reply): Trouble | undefined {
    if (round === this.#round) this.#unanswered--;
    if ('stored' in reply) {
      this.#store(number, reply.stored);
      return undefined;
    }
    if (round !== this.#round || this.#halted) return undefined;
    this.#halted = true;
    if ('failed' in reply) return { kind: reply.failed, cause: reply.cause };
    // Somebody writes to the same stream between two of ours.
    if (this.#messages.get(number)?.isAhead) this.#distrust();
    return { kind: 'MISPLACED', cause: reply.cause };
  }

  halt(): void {
    this.#halted = true;
  }

  /**
   * Takes what the server says is the last message. Returns false when that is somebody else's: nothing of ours follows it.
   */
  adopt(last: { id: string; sequence: number } | undefined): boolean {
    const sequence = last?.sequence ?? 0;
    for (const [number, { id }] of this.#messages) {
      if (id !== last?.id) continue;
      while (this.#low <= number) this.#store(this.#low, sequence);
      return true;
    }
    // One that is older than what was known: somebody has removed messages since, or a server is behind and will say so.
    if (sequence > this.last) return false;
    this.last = sequence;
    return true;
  }

  /** Sends again what is not stored: the first one, and when that is stored all others. */
  goOn(): void {
    for (const message of this.#messages.values()) {
      if (message.isCopy) continue;
      // Its memory goes back with the first answer, while the client has this one still to send.
      message.payload = Uint8Array.prototype.slice.call(message.payload);
      message.isCopy = true;
    }
    this.sentAgain = performance.now();
    this.#round++;
    this.#unanswered = 0;
    this.#next = this.#low;
    this.#halted = false;
    this.#careful = true;
    this.#send();
  }

  #send(): void {
    while (!this.#halted && this.#next < this.#top && this.#next - this.#low < (this.#careful ? 1 : this.#depth)) {
      const number = this.#next++;
      const message = this.#messages.get(number) as Message;
      if (message.sequence !== undefined) continue;
      const before = this.#messages.get(number - 1);
      const after = before ? (before.sequence ?? before.id) : this.last;
      message.isAhead = typeof after === 'string';
      this.#unanswered++;
      const { id, payload, end } = message;
      this.#transmit({ id, payload, end, after }, this.#round, number);
    }
  }

  #store(number: number, sequence: number): void {
    const stored = this.#messages.get(number);
    if (!stored) return; // said twice
    stored.sequence = sequence;
    for (;;) {
      const first = this.#messages.get(this.#low);
      if (first?.sequence === undefined) break;
      this.#messages.delete(this.#low++);
      this.last = first.sequence;
      this.end = first.end;
      this.messages++;
      this.bytes += first.payload.length;
      this.#heldBytes -= first.payload.length;
      first.lease.done();
    }
    this.#next = Math.max(this.#next, this.#low);
    this.waitingSince = performance.now();
    this.#careful = false;
    if (++this.#confident >= TRUST) this.#trust();
    this.#send();
  }

  #trust(): void {
    this.#confident = 0;
    this.#depth = Math.min(this.#depth * 2, this.#most.messages);
  }

  #distrust(): void {
    this.#confident = 0;
    this.#depth = Math.max(this.#depth >> 1, 1);
  }
}
