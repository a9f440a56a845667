import {
  type Datagram,
  type DatagramBatch,
  DatagramGaps,
  DatagramTable,
  DatagramUnpacker,
  LentDatagrams,
  type RecordSlot,
  Senders,
  type Unpacker,
} from '../records';
import { addressFailed, invalidArgType, notRunning, sourceFailed, unavailable, type NativeFailure } from '../errors';
import { optionsObject } from '../options';
import type { Access } from '../permission';
import { ProducerStream, type WebStreamOptions } from '../stream';
import { type KeptSlot, type LentSlot, ORDINARY, type Stats } from '../ring';
import { noEncoding, resolveUdpOptions, type UdpStreamOptions } from './udp-options';

/**
 * What a UDP stream counts. Its chunks are datagrams: `chunksDelivered` of them were handed on, `droppedChunks` were lost, and
 * when nothing is under way the two make up all that reached the machine.
 */
export interface UdpStats extends Stats {
  /** Datagrams that the system dropped because its buffer was full. `droppedChunks` has them, too. */
  kernelDrops: number;
  /** Datagrams that were longer than `maxDatagramSize`. */
  truncated: number;
}

/** What `address()` returns, as in `node:dgram`. */
export interface BoundAddress {
  /** The local address. */
  address: string;
  /** Of the address. */
  family: 'IPv4' | 'IPv6';
  /** The local port: with `port: 0`, the one that the system chose. */
  port: number;
}

/** What {@link createUdpStream} returns: a `ProducerStream` of `Datagram`s. */
export class UdpStream extends ProducerStream {
  readonly #bindTo: { address: string; port: number };
  readonly #gaps = new DatagramGaps();
  readonly #senders = new Senders();
  readonly #delivered = { datagrams: 0, bytes: 0 };
  #address: BoundAddress | undefined;

  /** @internal Use `createUdpStream`. */
  constructor(options: UdpStreamOptions) {
    const { stream, source, address, port } = resolveUdpOptions(options);
    const access: Access[] = [{ scope: 'net', resource: address }];
    super({ ...ORDINARY, name: 'udp', options: source, access, keepsAlive: 'while open', hasRecords: true }, stream);
    this.#bindTo = { address, port };
  }

  /**
   * Where the socket is bound.
   * @throws ERR_SOCKET_DGRAM_NOT_RUNNING before `'listening'`, and when the stream was destroyed.
   */
  address(): BoundAddress {
    if (!this.#address || this.destroyed) throw notRunning();
    return { ...this.#address };
  }

  /**
   * Lends whole slots of datagrams: the fastest way to read, with nothing made for each datagram. A batch is valid until the
   * next turn of the loop; see {@link DatagramBatch}. The stream is destroyed when the loop is left early.
   * @throws ERR_SLIPRING_BUSY when something else reads the stream, or has read it.
   */
  batches(): AsyncIterableIterator<DatagramBatch> {
    return this.#batchesOf(this.lentSlots());
  }

  /** For the types: the chunks are datagrams. */
  override [Symbol.asyncIterator](): NodeJS.AsyncIterator<Datagram> {
    return super[Symbol.asyncIterator]() as NodeJS.AsyncIterator<Datagram>;
  }

  /** For the types, too. Of a UDP stream the web stream gives one datagram a chunk. */
  override toWeb<Chunk = Datagram>(options?: WebStreamOptions): ReadableStream<Chunk> {
    return super.toWeb<Chunk>(options);
  }

  /**
   * Datagrams are not characters.
   * @throws ERR_INVALID_ARG_VALUE, always.
   */
  override setEncoding(encoding: BufferEncoding): never {
    throw noEncoding('encoding', encoding);
  }

  override stats(): UdpStats {
    const stats = super.stats();
    const { produced, dropped, lost } = this.recordCounts();
    return {
      ...stats,
      chunksProduced: produced + lost,
      bytesDelivered: this.#delivered.bytes,
      chunksDelivered: this.#delivered.datagrams,
      droppedChunks: dropped + lost,
      kernelDrops: lost,
    };
  }

  protected override onOpen(_descriptor: number, name: string): void {
    const [address, port, family] = name.split(' ') as [string, string, 'IPv4' | 'IPv6'];
    this.#address = { address, family, port: Number(port) };
    this.emit('listening');
  }

  protected override unpack(slot: KeptSlot): Unpacker {
    return new DatagramUnpacker(slot, this.#tableOf(slot), this.#gaps, this.#delivered);
  }

  protected override onLend(slot: LentSlot): void {
    this.#delivered.datagrams += slot.records.count;
    this.#delivered.bytes += slot.data.length;
    for (const gap of this.#gaps.pass(this.#tableOf(slot), slot)) this.tell(['gap', gap]);
  }

  protected override onEnd(): void {
    const { produced, lost } = this.recordCounts();
    const gap = this.#gaps.before(produced, super.stats().bytesProduced, lost);
    if (gap) this.tell(['gap', gap]);
  }

  protected override toError(failure: NativeFailure): Error {
    if (failure.syscall === 'bind') return addressFailed(failure, this.#bindTo.address, this.#bindTo.port);
    return sourceFailed(failure);
  }

  async *#batchesOf(slots: AsyncIterable<LentSlot>): AsyncGenerator<DatagramBatch, void, undefined> {
    for await (const slot of slots) yield new LentDatagrams(slot, this.#tableOf(slot), slot.records.before);
  }

  #tableOf(slot: RecordSlot): DatagramTable {
    return DatagramTable.of(slot, this.#senders);
  }
}

/**
 * Receives datagrams with a native background thread, many with one system call. Each chunk is a `Datagram`;
 * `batches()` lends many at a time, for less.
 *
 * @throws ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE or ERR_OUT_OF_RANGE for what cannot be right, and
 *   ERR_FEATURE_UNAVAILABLE_ON_PLATFORM on Windows. All other trouble is an `'error'` event with the `code`, `errno`,
 *   `syscall`, `address` and `port` that `node:dgram` would give.
 */
export function createUdpStream(options: UdpStreamOptions = {}): UdpStream {
  if (process.platform === 'win32') throw unavailable('createUdpStream()');
  if (typeof options !== 'object' || options === null) throw invalidArgType('options', 'of type object', options);
  return new UdpStream(optionsObject(options));
}
