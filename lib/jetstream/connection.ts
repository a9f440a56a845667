/** What a connection to NATS tells of itself, for all who publish over it. */
import type { JetStreamClient } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';

import { invalidArgType } from '../errors';

/** Whoever wants to know. */
export interface ConnectionListener {
  lost(): void;
  /** The server does not allow something; what, is in the error. */
  denied(error: Error): void;
  closed(): void;
}

/** One for each connection, and as long as it: nobody can stop to listen to the client's events at once. */
const watched = new WeakMap<NatsConnection, Connection>();

export class Connection {
  readonly nats: NatsConnection;
  readonly #listeners = new Set<ConnectionListener>();
  #state: 'connected' | 'lost' | 'closed' = 'connected';
  /** Called once, when the state is another one. */
  readonly #changed = new Set<() => void>();

  static of(nats: NatsConnection): Connection {
    let connection = watched.get(nats);
    if (!connection) watched.set(nats, (connection = new Connection(nats)));
    return connection;
  }

  private constructor(nats: NatsConnection) {
    this.nats = nats;
    void this.#watch();
  }

  get isClosed(): boolean {
    return this.#state === 'closed' || this.nats.isClosed();
  }

  /** Returns what ends it. */
  listen(listener: ConnectionListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Waits until there is a connection, or none any more. */
  async usable(): Promise<void> {
    while (this.#state === 'lost') await new Promise<void>((resolve) => this.#changed.add(resolve));
  }

  /** What a request gives. One that was under way when the connection was lost has no answer, and need not be waited for. */
  answer<Answer>(request: Promise<Answer>): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const lost = (): void => reject(new Error('connection lost'));
      this.#changed.add(lost);
      request.then(resolve, reject).finally(() => this.#changed.delete(lost));
    });
  }

  #become(state: 'connected' | 'lost' | 'closed'): void {
    if (this.#state === state) return;
    this.#state = state;
    const changed = [...this.#changed];
    this.#changed.clear();
    for (const call of changed) call();
    for (const listener of [...this.#listeners]) {
      if (state === 'lost') listener.lost();
      else if (state === 'closed') listener.closed();
    }
  }

  async #watch(): Promise<void> {
    for await (const status of this.nats.status()) {
      if (status.type === 'disconnect') this.#become('lost');
      else if (status.type === 'reconnect') this.#become('connected');
      else if (status.type === 'error') for (const listener of [...this.#listeners]) listener.denied(status.error);
    }
    this.#become('closed');
  }
}

/** The connection of a client, which has it and does not say so in its type. */
export function connectionOf(jetstream: JetStreamClient): Connection {
  const client = jetstream as Partial<JetStreamClient & { getConnection(): NatsConnection }> | undefined | null;
  if (typeof client?.getConnection !== 'function' || typeof client.jetstreamManager !== 'function') {
    throw invalidArgType('jetstream', "a client, as jetstream() of '@nats-io/jetstream' makes it", jetstream);
  }
  return Connection.of(client.getConnection());
}
