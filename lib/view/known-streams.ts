/** The streams of this thread that a view knows: those that are open, and those that have ended lately. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';

import { observed } from '../observe';
import {
  type CloseMessage,
  type ErrorMessage,
  type GapMessage,
  ProducerStream,
  type RotateMessage,
  type StallMessage,
  type StreamMessage,
} from '../stream';
import { KnownStream } from './known-stream';
import type { ViewedStream } from './snapshot';

/** More of them nobody can look at. */
const MOST_OPEN = 100;
const MOST_ENDED = 32;
const ENDED_KEPT_MS = 600_000;
/** How many are added between two times that somebody looks who has ended: none of these may gather while nobody watches. */
const SWEEP_EVERY = 64;

/** What each channel says. */
interface Messages {
  gap: GapMessage;
  stall: StallMessage;
  rotate: RotateMessage;
  error: ErrorMessage;
  close: CloseMessage;
}

type Listener = (message: unknown) => void;

export class KnownStreams {
  readonly #known = new WeakMap<object, KnownStream>();
  #list: KnownStream[] = [];
  #added = 0;
  #isWatched = false;

  /** What happens rarely is heard at any time: who comes later wants to know of it. */
  readonly #listeners: readonly [channel: string, listener: Listener][] = [
    this.#on('gap', (known, { gap }) => known.happenings.gap(gap)),
    this.#on('stall', (known, { duration, stats }) => known.stalled(duration, stats)),
    this.#on('rotate', (known, { rotation }) => known.happenings.rotation(rotation)),
    this.#on('error', (known, { error }) => known.failed(error)),
    this.#on('close', (known, { opened }) => {
      if (opened) known.opened();
      known.ended();
    }),
  ];

  constructor() {
    for (const [channel, listener] of this.#listeners) subscribe(channel, listener);
    this.#meet();
  }

  /** Begins to measure what costs something. */
  watch(): void {
    this.#isWatched = true;
    this.#meet();
    for (const known of this.#list) if (!known.hasEnded) known.watch();
  }

  rest(): void {
    this.#isWatched = false;
    for (const known of this.#list) known.rest();
  }

  snapshot(now: number): { streams: ViewedStream[]; others: number } {
    const count = this.#meet();
    const open = this.#list.filter(({ hasEnded }) => !hasEnded).slice(0, MOST_OPEN);
    const shown = new Set(open);
    const streams = this.#list.filter((known) => known.hasEnded || shown.has(known));
    return { streams: streams.map((known) => known.snapshot(now)), others: Math.max(0, count - open.length) };
  }

  close(): void {
    for (const [channel, listener] of this.#listeners) unsubscribe(channel, listener);
    this.rest();
    this.#list = [];
  }

  #on<Name extends keyof Messages>(
    name: Name,
    tell: (known: KnownStream, message: Messages[Name]) => void,
  ): [string, Listener] {
    const listener = (message: unknown): void => {
      const { stream, source } = message as StreamMessage;
      // Another copy of the package has a view of its own.
      if (stream instanceof ProducerStream) tell(this.#of(stream, source), message as Messages[Name]);
    };
    return [`slipring:stream:${name}`, listener];
  }

  #of(stream: ProducerStream, source: StreamMessage['source']): KnownStream {
    let known = this.#known.get(stream);
    if (known) return known;
    known = new KnownStream(++this.#added, stream, source);
    this.#known.set(stream, known);
    this.#list.push(known);
    if (this.#isWatched) known.watch();
    if (this.#added % SWEEP_EVERY === 0) this.#meet();
    return known;
  }

  /** Gets to know those that are open, and takes leave of those that are not. Returns how many are open. */
  #meet(): number {
    const live = observed();
    const open = new Set<KnownStream>();
    for (const living of live) {
      const { stream, source } = living;
      const known =
        open.size < MOST_OPEN
          ? this.#of(stream as ProducerStream, source as StreamMessage['source'])
          : this.#known.get(stream);
      if (!known) continue;
      open.add(known);
      known.met(living);
    }
    for (const known of this.#list) if (!known.hasEnded && !open.has(known)) known.ended();
    this.#forget();
    return live.length;
  }

  #forget(): void {
    const oldest = Date.now() - ENDED_KEPT_MS;
    const ended = this.#list.filter(({ hasEnded }) => hasEnded).sort((a, b) => b.until - a.until);
    const kept = new Set(ended.slice(0, MOST_ENDED).filter(({ until }) => until > oldest));
    this.#list = this.#list.filter((known) => !known.hasEnded || kept.has(known));
  }
}
