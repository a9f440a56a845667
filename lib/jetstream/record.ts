/** What was published, as it is read back. */
import type { JsMsg } from '@nats-io/jetstream';

import type { Position } from '../ring';
import { readHeaders } from './headers';

/** One message. */
export interface JetStreamRecord {
  /** Its bytes, which are yours for ever. */
  readonly data: Buffer;
  /** What it was published to. */
  readonly subject: string;
  /** Which message of its stream it is: where a next reader goes on is one more. */
  readonly sequence: number;
  /** When it was stored: nanoseconds since 1970. */
  readonly timestamp: bigint;
  /** Where in its source its first byte was. Undefined of what was not published by `publish()`. */
  readonly position: Position | undefined;
  /** Where in its source the next byte is, behind what ends a record. */
  readonly end: Position | undefined;
}

export function recordOf({ data, subject, seq: sequence, info, headers }: JsMsg): JetStreamRecord {
  const said = readHeaders(headers);
  return {
    data: Buffer.from(data.buffer, data.byteOffset, data.length),
    subject,
    sequence,
    timestamp: BigInt(info.timestampNanos),
    position: said?.begin,
    end: said?.end,
  };
}
