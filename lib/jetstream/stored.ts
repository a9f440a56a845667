/** What the server has of a subject: the only memory of how far a publisher has come. */
import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream';

import type { Position } from '../ring';
import { type FailureKind, jetStreamFailed } from './failures';
import { readHeaders } from './headers';
import { failureOf } from './reply';

/** The last message of the subject. */
export interface LastStored {
  sequence: number;
  id: string;
  end: Position;
}

interface ClientError {
  name?: string;
  code?: unknown;
  status?: unknown;
  message?: string;
  cause?: ClientError;
}

/** The client's classes, by their names: there may be several copies of the client. */
const KINDS: Record<string, FailureKind> = {
  StreamNotFoundError: 'NO_STREAM',
  JetStreamNotEnabled: 'NO_STREAM',
  ClosedConnectionError: 'CLOSED',
  DrainingConnectionError: 'CLOSED',
  PermissionViolationError: 'REFUSED',
};

/** What a request to the server failed with. */
export function requestFailure(error: unknown): FailureKind {
  const { name = '', code, status, message = '', cause } = error as ClientError;
  const kind = KINDS[name] ?? KINDS[cause?.name ?? ''];
  if (kind) return kind;
  if (typeof status === 'number') return failureOf({ code: status, err_code: Number(code), description: message });
  // No answer, for one of many reasons, or none of a leader.
  return 'UNAVAILABLE';
}

export class Stored {
  readonly #client: JetStreamClient;
  readonly #subject: string;
  #manager: JetStreamManager | undefined;
  #stream: string | undefined;
  /** The largest message that the stream takes, headers included. */
  largest = Infinity;

  constructor(client: JetStreamClient, subject: string) {
    this.#client = client;
    this.#subject = subject;
  }

  /** Finds the stream. @throws what the client does, and ours. */
  async look(): Promise<void> {
    this.#manager ??= await this.#client.jetstreamManager(false);
    this.#stream = await this.#manager.streams.find(this.#subject);
    const { retention, max_msg_size: size } = (await this.#manager.streams.info(this.#stream)).config;
    if (retention !== 'limits') throw jetStreamFailed('RETENTION', this.#subject);
    this.largest = size > 0 ? size : Infinity;
  }

  /** The leader's word: a replica may be behind. @throws as `look`. */
  async last(): Promise<LastStored | undefined> {
    const { streams } = this.#manager as JetStreamManager;
    const message = await streams.getMessage(this.#stream as string, { last_by_subj: this.#subject });
    if (!message) return undefined;
    const said = readHeaders(message.header);
    if (!said) throw jetStreamFailed('FOREIGN', this.#subject);
    return { sequence: message.seq, id: said.id, end: said.end };
  }
}
