/** Both ends of what UDP tests do: streams, and those who send to them. None outlives its test. */
import { once } from 'node:events';
import { createUdpStream, type Datagram, type UdpStream, type UdpStreamOptions } from 'slipring';

import { closed } from '../../helpers/waiting';
import { Sender, type SenderOptions } from './sender';

/** Each slot has room for one datagram of 8 bytes, and not for two. */
export const oneEach = { slotSize: 104, recvBufferSize: 1_000_000 };

export interface Ends {
  /** A stream that is not bound yet. */
  create(options?: UdpStreamOptions): UdpStream;
  /** A stream that is bound. */
  open(options?: UdpStreamOptions): Promise<UdpStream>;
  /** Somebody who can send. */
  sender(options?: SenderOptions): Promise<Sender>;
}

/** Call it in a `describe`: what its tests make here is closed after each. */
export function udpEnds(): Ends {
  const streams: UdpStream[] = [];
  const senders: Sender[] = [];
  afterEach(async () => {
    for (const sender of senders.splice(0)) sender.close();
    for (const stream of streams.splice(0)) await closed(stream.destroy());
  });
  const create = (options?: UdpStreamOptions): UdpStream => {
    const stream = createUdpStream(options);
    streams.push(stream);
    return stream;
  };
  return {
    create,
    async open(options) {
      const stream = create(options);
      await once(stream, 'listening');
      return stream;
    },
    async sender(options) {
      const sender = await Sender.open(options);
      senders.push(sender);
      return sender;
    },
  };
}

/** What the stream gives from now on, as it comes. */
export function received(stream: UdpStream): Datagram[] {
  const datagrams: Datagram[] = [];
  stream.on('data', (datagram: Datagram) => datagrams.push(datagram));
  return datagrams;
}

/** The datagrams' texts. */
export function texts(datagrams: Iterable<Datagram>): string[] {
  return Array.from(datagrams, ({ data }) => data.toString());
}
