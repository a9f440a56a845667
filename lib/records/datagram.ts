/** What a UDP stream delivers. */
import { inspect, type InspectOptions } from 'node:util';

import type { DatagramTable } from './datagram-table';

/** The protocol of `node:stream/iter` for what is made into bytes. */
const toStreamable = Symbol.for('Stream.toStreamable');

/** A datagram: its bytes, where it came from, and when. */
export interface Datagram {
  /**
   * The bytes. They are yours for ever, but for those of a datagram from a `DatagramBatch`, which are empty once the
   * batch was released.
   */
  readonly data: Buffer;
  /** The sender's IP address. */
  readonly remoteAddress: string;
  /** The sender's port. */
  readonly remotePort: number;
  /** Of the sender's address. */
  readonly remoteFamily: 'IPv4' | 'IPv6';
  /** When the system received it: nanoseconds since 1970. */
  readonly timestamp: bigint;
  /** Whether it was longer than `maxDatagramSize`, and the rest is lost. */
  readonly truncated: boolean;
}

/** Looks everything but the bytes up when somebody asks: most consumers never do. */
export class ReceivedDatagram implements Datagram {
  readonly data: Buffer;
  readonly #table: DatagramTable;
  readonly #index: number;

  /** `table` has to stay as it is. */
  constructor(data: Buffer, table: DatagramTable, index: number) {
    this.data = data;
    this.#table = table;
    this.#index = index;
  }

  get remoteAddress(): string {
    return this.#table.sender(this.#index).address;
  }

  get remotePort(): number {
    return this.#table.sender(this.#index).port;
  }

  get remoteFamily(): 'IPv4' | 'IPv6' {
    return this.#table.sender(this.#index).family;
  }

  get timestamp(): bigint {
    return this.#table.timestamp(this.#index);
  }

  get truncated(): boolean {
    return this.#table.truncated(this.#index);
  }

  /** For `node:stream/iter`, which knows bytes only. */
  [toStreamable](): Buffer {
    return this.data;
  }

  /** For `console.log()`, which shows no getters. */
  [inspect.custom](_depth: number, options: InspectOptions): string {
    const { data, remoteAddress, remotePort, remoteFamily, timestamp, truncated } = this;
    return `Datagram ${inspect({ data, remoteAddress, remotePort, remoteFamily, timestamp, truncated }, options)}`;
  }
}
