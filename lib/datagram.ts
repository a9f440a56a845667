/** What a UDP stream delivers. */
import type { DatagramTable } from './datagram-table';
import type { Sender } from './datagram-sender';

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
  readonly remoteFamily: 'IPv4' | 'IPv6';
  /** When the system received it: nanoseconds since 1970. */
  readonly timestamp: bigint;
  /** Whether it was longer than `maxDatagramSize`, and the rest is lost. */
  readonly truncated: boolean;
}

/** Makes texts and big numbers only for who asks for them. */
export class ReceivedDatagram implements Datagram {
  readonly data: Buffer;
  readonly truncated: boolean;
  readonly #sender: Sender;
  readonly #timestampLow: number;
  readonly #timestampHigh: number;

  constructor(data: Buffer, table: DatagramTable, index: number) {
    this.data = data;
    this.truncated = table.truncated(index);
    this.#sender = table.sender(index);
    this.#timestampLow = table.timestampLow(index);
    this.#timestampHigh = table.timestampHigh(index);
  }

  get remoteAddress(): string {
    return this.#sender.address;
  }

  get remotePort(): number {
    return this.#sender.port;
  }

  get remoteFamily(): 'IPv4' | 'IPv6' {
    return this.#sender.family;
  }

  get timestamp(): bigint {
    return BigInt(this.#timestampHigh >>> 0) * 0x1_0000_0000n + BigInt(this.#timestampLow >>> 0);
  }
}
