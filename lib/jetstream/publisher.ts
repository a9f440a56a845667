/** One publisher of one subject: what is under way, what the server says, and what is done when it says nothing. */
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

import type { JetStreamClient } from '@nats-io/jetstream';
import { createInbox, headers, type Msg, type Subscription } from '@nats-io/transport-node';

import { aborted } from '../errors';
import { Chain, type Trouble } from './chain';
import { type Connection, connectionOf } from './connection';
import { type FailureKind, isOurs, isPassing, jetStreamFailed } from './failures';
import { Pauses } from './pauses';
import { writeHeaders } from './headers';
import type { ResolvedPublishOptions } from './publish-options';
import { readReply } from './reply';
import { type LastStored, requestFailure, Stored } from './stored';

/** Bytes of an id that no other publisher has. */
const ID_BYTES = 9;
/** How long a server that starts may say that it does not know a stream. */
const STARTING_MS = 1000;
/** After so long without progress there is a warning, when nobody listens to `onRetry`. */
const WARNING_MS = 5000;
const WATCH_MS = 250;
const DEFAULT_ANSWER_MS = 5000;

export class Publisher {
  readonly chain: Chain;
  /** How often what was under way was sent again. */
  retries = 0;
  #onFail: ((error: Error) => void) | undefined;
  readonly #options: ResolvedPublishOptions;
  readonly #connection: Connection;
  readonly #stored: Stored;
  /** How long to wait for an answer: what the client waits for its own. */
  readonly #answerMs: number;
  readonly #subscription: Subscription;
  readonly #pauses = new Pauses();
  readonly #over = new AbortController();
  readonly #stopListening: () => void;
  readonly #watchdog: NodeJS.Timeout;
  #failure: Error | undefined;
  readonly #failing = rejection();
  #trouble: Error | undefined;
  #hasWarned = false;
  /** It does not know what the server has, and is about to ask. */
  #recovering = false;
  #onQuiet: (() => void) | undefined;
  #waiting: { condition: () => boolean; resolve: () => void; reject: (error: Error) => void } | undefined;

  constructor(client: JetStreamClient, options: ResolvedPublishOptions) {
    const { subject, signal } = options;
    this.#options = options;
    this.#connection = connectionOf(client);
    if (this.#connection.isClosed) throw this.#error('CLOSED');
    this.#stored = new Stored(client, subject);
    const { timeout, watcherPrefix } = client.getOptions();
    this.#answerMs = timeout ?? DEFAULT_ANSWER_MS;
    const inbox = createInbox(watcherPrefix);
    const { nats } = this.#connection;
    this.chain = new Chain(randomBytes(ID_BYTES).toString('base64url'), options.most, (message, round, number) => {
      const { id, payload, end, after } = message;
      try {
        nats.publish(subject, payload, {
          reply: `${inbox}.${round}.${number}`,
          headers: writeHeaders(headers(), id, end, after),
        });
      } catch (error) {
        // Either there is no connection any more, or the server that it leads to now takes less than the one before.
        this.fail(this.#error((error as Error).name === 'InvalidArgumentError' ? 'TOO_LARGE' : 'CLOSED', error));
      }
    });
    this.#subscription = nats.subscribe(`${inbox}.*.*`, {
      callback: (error, message) => (error ? this.#denied(error) : this.#answered(message)),
    });
    this.#stopListening = this.#connection.listen({
      lost: () => this.#troubled({ kind: 'DISCONNECTED', cause: undefined }),
      denied: (error) => this.#denied(error),
      closed: () => this.fail(this.#error('CLOSED')),
    });
    // What had come by the time that the timer went off is read before it is judged: the event loop may have stood still.
    const watch = (now: number): void => this.#watch(now);
    this.#watchdog = setInterval(() => setImmediate(watch, performance.now()), WATCH_MS).unref();
    signal?.addEventListener('abort', this.#onAbort, { once: true });
    if (signal?.aborted) this.#onAbort();
  }

  /** How many bytes a message may have, headers included. */
  get largest(): number {
    return Math.min(this.#stored.largest, this.#connection.nats.info?.max_payload ?? Infinity);
  }

  /** Asks the server how far the subject is. */
  async begin(): Promise<LastStored | undefined> {
    this.#recovering = true;
    const last = await Promise.race([this.#ask(true), this.#failing.promise]);
    this.#recovering = false;
    this.chain.last = last?.sequence ?? 0;
    return last;
  }

  /** To be told of a failure while nobody waits for acks; at once when there was one. */
  whenFailed(callback: (error: Error) => void): void {
    this.#onFail = callback;
    if (this.#failure) callback(this.#failure);
  }

  /** Waits for acks. @throws what the publisher failed with. */
  until(condition: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#failure) reject(this.#failure);
      else if (condition()) resolve();
      else this.#waiting = { condition, resolve, reject };
    });
  }

  fail(error: Error): void {
    if (this.#failure) return;
    this.#failure = error;
    this.chain.halt();
    this.#failing.reject(error);
    this.#waiting?.reject(error);
    this.close();
    this.#onFail?.(error);
  }

  close(): void {
    clearInterval(this.#watchdog);
    this.#stopListening();
    this.#options.signal?.removeEventListener('abort', this.#onAbort);
    this.#over.abort();
    if (!this.#connection.isClosed) this.#subscription.unsubscribe();
  }

  readonly #onAbort = (): void => this.fail(aborted(this.#options.signal?.reason));

  #error(kind: FailureKind, cause?: unknown): Error {
    return jetStreamFailed(kind, this.#options.subject, cause);
  }

  #answered(message: Msg): void {
    if (this.#failure) return;
    const { subject } = message;
    const dot = subject.lastIndexOf('.');
    const number = Number(subject.slice(dot + 1));
    const round = Number(subject.slice(subject.lastIndexOf('.', dot - 1) + 1, dot));
    const reply = readReply(message);
    const trouble = this.chain.take(round, number, reply);
    if (trouble) this.#troubled(trouble);
    else if ('stored' in reply) this.#progressed();
    if (this.chain.isAnswered) this.#onQuiet?.();
    this.#wake();
  }

  #wake(): void {
    const waiting = this.#waiting;
    if (!waiting?.condition()) return;
    this.#waiting = undefined;
    waiting.resolve();
  }

  #progressed(): void {
    this.#pauses.reset();
    this.#trouble = undefined;
    this.#hasWarned = false;
  }

  #denied(error: Error): void {
    const { name, subject } = error as Error & { subject?: string };
    if (name === 'PermissionViolationError' && subject === this.#options.subject)
      this.fail(this.#error('REFUSED', error));
  }

  /** Sees what does not come, and for how long already. */
  #watch(now: number): void {
    if (this.#over.signal.aborted) return;
    const { chain } = this;
    const asking = this.#recovering || !chain.isEmpty;
    if (!asking) return;
    const silence = now - Math.max(chain.waitingSince, chain.sentAgain);
    if (!this.#recovering && silence > this.#answerMs) {
      const cause = new Error(`no answer within ${this.#answerMs} ms`);
      this.#troubled({ kind: 'UNAVAILABLE', cause });
    }
    const waited = now - chain.waitingSince;
    if (waited > this.#options.patience) return this.fail(this.#trouble ?? this.#error('UNAVAILABLE'));
    if (!this.#trouble || waited < WARNING_MS || this.#hasWarned || this.#options.onRetry) return;
    this.#hasWarned = true;
    process.emitWarning(this.#trouble.message, { code: 'SLIPRING_JETSTREAM_WAITS' });
  }

  /** To be told once of each trouble: here it is, or is not, an end. */
  #tell({ kind, cause }: Trouble): void {
    // Where others write to the same stream this is ordinary: see Chain.
    if (kind === 'MISPLACED') return;
    const error = this.#error(kind, cause);
    if (!isPassing(kind)) return this.fail(error);
    this.#trouble = error;
    this.#options.onRetry?.(error);
  }

  #troubled(trouble: Trouble): void {
    this.chain.halt();
    if (this.#recovering || this.#failure) return;
    this.#recovering = true;
    this.#recover(trouble).then(
      () => {
        this.#recovering = false;
        this.chain.goOn();
        this.#wake(); // all may be stored, and only the acks were lost: then no other one comes
      },
      (error: unknown) => this.fail(error as Error),
    );
  }

  /** Finds out what became of all that is under way. Then it can be sent again. */
  async #recover(trouble: Trouble): Promise<void> {
    this.retries++;
    this.#tell(trouble);
    // Each has an answer by now, or is about to; unless there was no way for it.
    if (trouble.kind === 'MISPLACED' || trouble.kind === 'FULL') await this.#allAnswered();
    for (;;) {
      const before = this.chain.last;
      const last = await this.#ask(trouble.kind === 'UNAVAILABLE');
      if (this.chain.last !== before) continue; // an ack has come meanwhile: it may be newer than the answer
      if (!this.chain.adopt(last)) throw this.#error('CONFLICT');
      return;
    }
  }

  async #allAnswered(): Promise<void> {
    const late = delay(this.#answerMs, undefined, { signal: this.#over.signal, ref: false });
    const quiet = new Promise<void>((resolve) => (this.#onQuiet = resolve));
    if (!this.chain.isAnswered) await this.#connection.answer(Promise.race([quiet, late])).catch(() => undefined);
    this.#onQuiet = undefined;
  }

  /** Asks the server for the last message, until it answers. */
  async #ask(looksAgain: boolean): Promise<LastStored | undefined> {
    const begun = performance.now();
    for (;;) {
      await this.#connection.usable();
      await this.#pauses.wait(this.#over.signal);
      this.#throwFailure();
      try {
        return await this.#connection.answer(this.#look(looksAgain));
      } catch (error) {
        this.#throwFailure();
        if (isOurs(error)) throw error;
        const kind = requestFailure(error);
        const isStarting = kind === 'NO_STREAM' && performance.now() - begun < STARTING_MS;
        if (!isStarting) this.#tell({ kind, cause: error });
      }
    }
  }

  #throwFailure(): void {
    if (this.#failure) throw this.#failure;
  }

  async #look(again: boolean): Promise<LastStored | undefined> {
    if (again) await this.#stored.look();
    return this.#stored.last();
  }
}

/** A promise that nothing but a failure settles, and that may be left alone. */
function rejection(): { promise: Promise<never>; reject: (error: Error) => void } {
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<never>((_resolve, whenFailed) => (reject = whenFailed));
  promise.catch(() => undefined);
  return { promise, reject };
}
