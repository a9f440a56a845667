/** `createJetStreamStream()`: reads back what was published, as an ordinary stream of objects. */
import { addAbortSignal, Readable } from 'node:stream';
import {
  type Consumer,
  type ConsumerMessages,
  DeliverPolicy,
  type JetStreamClient,
  type JsMsg,
} from '@nats-io/jetstream';

import { invalidArgType, invalidArgValue } from '../errors';
import { copyOf, validateBoolean, validateInteger, validateSignal } from '../options';
import { connectionOf } from './connection';
import { isOurs, jetStreamFailed } from './failures';
import { recordOf } from './record';
import { requestFailure } from './stored';

/** The options of {@link createJetStreamStream}. */
export interface JetStreamStreamOptions {
  /** What to read: a subject, which may have wildcards, such as `'logs.*'`. All of it belongs to one stream. */
  subject: string;
  /**
   * The name of the stream.
   * @defaultValue The one that `subject` belongs to
   */
  stream?: string | undefined;
  /**
   * The sequence of the first message to read, or of the next one that there is.
   * @defaultValue 1
   */
  startSequence?: number | undefined;
  /**
   * Whether to wait for more at the end. With `false` the stream ends there.
   * @defaultValue true
   */
  follow?: boolean | undefined;
  /**
   * How many messages are asked for ahead of who reads them.
   * @defaultValue 256
   */
  maxMessages?: number | undefined;
  /** Destroys the stream with an `AbortError` when it is aborted. */
  signal?: AbortSignal | undefined;
}

const MAX_MESSAGES = 256;
/** How often the server says that it is there. */
const HEARTBEAT_MS = 5000;

interface Resolved {
  subject: string;
  stream: string | undefined;
  startSequence: number;
  follow: boolean;
  maxMessages: number;
  signal: AbortSignal | undefined;
}

function resolve(given: JetStreamStreamOptions): Resolved {
  if (typeof given !== 'object' || given === null) throw invalidArgType('options', 'an instance of Object', given);
  const { subject, stream, startSequence = 1, follow = true, maxMessages = MAX_MESSAGES, signal } = copyOf(given);
  if (typeof subject !== 'string') throw invalidArgType('options.subject', 'of type string', subject);
  if (/^$|\s/.test(subject)) throw invalidArgValue('options.subject', 'must be a subject of NATS', subject);
  if (stream !== undefined && typeof stream !== 'string') {
    throw invalidArgType('options.stream', 'of type string', stream);
  }
  return {
    subject,
    stream,
    startSequence: validateInteger(startSequence, 'options.startSequence', 1),
    follow: validateBoolean(follow, 'options.follow'),
    maxMessages: validateInteger(maxMessages, 'options.maxMessages', 1, 65536),
    signal: signal === undefined ? undefined : validateSignal(signal, 'options.signal'),
  };
}

/**
 * What {@link createJetStreamStream} returns: a `Readable` of {@link JetStreamRecord}s, in the order of their sequences, none
 * left out that is there. It asks for more only as they are read.
 */
export class JetStreamStream extends Readable {
  readonly #client: JetStreamClient;
  readonly #options: Resolved;
  #consumer: Consumer | undefined;
  #messages: ConsumerMessages | undefined;
  #iterator: AsyncIterator<JsMsg, undefined> | undefined;
  #isAtEnd = false;

  /** @internal Use `createJetStreamStream`. */
  constructor(client: JetStreamClient, options: Resolved) {
    super({ objectMode: true, highWaterMark: 1 });
    this.#client = client;
    this.#options = options;
    if (options.signal) addAbortSignal(options.signal, this);
  }

  /** @internal */ override _construct(callback: (error?: Error | null) => void): void {
    this.#open().then(
      () => callback(),
      (error: unknown) => callback(this.#failure(error)),
    );
  }

  /** @internal */ override _read(): void {
    if (this.#isAtEnd) return void this.push(null);
    this.#next().catch((error: unknown) => this.destroy(this.#failure(error)));
  }

  /** @internal */ override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#close().then(
      () => callback(error),
      () => callback(error),
    );
  }

  /** The client's consumer ends when its end is taken, behind all that it was given before. */
  async #close(): Promise<void> {
    void this.#messages?.close();
    while (this.#iterator && !(await this.#iterator.next()).done);
    void this.#consumer?.delete().catch(() => undefined); // or the server does, in a while
  }

  async #open(): Promise<void> {
    const { subject, startSequence, follow, maxMessages } = this.#options;
    const { streams } = await this.#client.jetstreamManager(false);
    const stream = this.#options.stream ?? (await streams.find(subject));
    if (!follow) {
      const last = await streams.getMessage(stream, { last_by_subj: subject });
      this.#isAtEnd = !last || last.seq < startSequence;
      if (this.#isAtEnd) return;
    }
    const consumer = (this.#consumer = await this.#client.consumers.get(stream, {
      filter_subjects: subject,
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: startSequence,
    }));
    this.#messages = await consumer.consume({ max_messages: maxMessages, idle_heartbeat: HEARTBEAT_MS });
    this.#watch(this.#messages, stream).catch(() => undefined); // the connection is closed, which the messages tell
    this.#iterator = this.#messages[Symbol.asyncIterator]();
  }

  /** The client makes a consumer that is gone anew. A stream that is gone it waits for. */
  async #watch(messages: ConsumerMessages, stream: string): Promise<void> {
    const { streams } = await this.#client.jetstreamManager(false);
    for await (const { type } of messages.status()) {
      if (type !== 'consumer_deleted' && type !== 'heartbeats_missed' && type !== 'stream_not_found') continue;
      await streams.info(stream).catch((error: unknown) => {
        if (requestFailure(error) === 'NO_STREAM') this.destroy(this.#failure(error));
      });
    }
  }

  async #next(): Promise<void> {
    const result = await (this.#iterator as AsyncIterator<JsMsg, undefined>).next();
    if (this.destroyed) return;
    if (result.done) throw jetStreamFailed('CLOSED', this.#options.subject);
    if (!this.#options.follow && result.value.info.pending === 0) this.#isAtEnd = true;
    this.push(recordOf(result.value));
  }

  #failure(error: unknown): Error {
    if (isOurs(error)) return error;
    return jetStreamFailed(requestFailure(error), this.#options.subject, error);
  }
}

/**
 * Reads messages of JetStream's as a stream: an ordered consumer, which finds its place again by itself after the connection
 * was lost.
 *
 * @param jetstream - A client, as `jetstream()` of `@nats-io/jetstream` makes it. It stays open.
 * @throws ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE or ERR_OUT_OF_RANGE for what cannot be right. All other trouble is an
 *   `'error'` event with one of the codes `ERR_SLIPRING_JETSTREAM_…`.
 */
export function createJetStreamStream(jetstream: JetStreamClient, options: JetStreamStreamOptions): JetStreamStream {
  connectionOf(jetstream);
  return new JetStreamStream(jetstream, resolve(options));
}
