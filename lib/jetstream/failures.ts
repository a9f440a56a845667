/** What goes wrong between a publisher and JetStream: each has a code, and a sentence that says what to do. */
import { coded } from '../errors';

/** The `code` of each, without what all begin with. The text completes "The subject '…' ". */
const FAILURES = {
  NO_STREAM: [
    'ERR_SLIPRING_JETSTREAM_NO_STREAM',
    'belongs to no stream of the server. Create one that has it among its subjects, with jsm.streams.add(), and see that ' +
      "JetStream is enabled ('nats-server -js') for this account",
  ],
  RETENTION: [
    'ERR_SLIPRING_JETSTREAM_RETENTION',
    'belongs to a stream that forgets what its consumers have acknowledged, and with it how far this publisher has come. ' +
      "Use a stream with the retention 'limits'",
  ],
  FOREIGN: [
    'ERR_SLIPRING_JETSTREAM_FOREIGN',
    'has messages that were not published by slipring, so nobody can tell where to go on. Give each publisher a subject of its own',
  ],
  CONFLICT: [
    'ERR_SLIPRING_JETSTREAM_CONFLICT',
    'has another publisher, which was faster. Nothing was stored twice; this one has stopped. Let only one publish to a subject',
  ],
  RESUME: [
    'ERR_SLIPRING_JETSTREAM_RESUME',
    'has messages already, and the stream does not begin where they end. Pass a function that opens it there: ' +
      '(resume) => createReadStream(path, { follow: true, resume })',
  ],
  NO_POSITION: [
    'ERR_SLIPRING_JETSTREAM_NO_POSITION',
    "gets what is from no file, so its messages have no identity. Name it with the option 'id'",
  ],
  TOO_LARGE: [
    'ERR_SLIPRING_JETSTREAM_TOO_LARGE',
    "was given a record that is larger than a message may be. Raise the server's max_payload or the stream's max_msg_size, " +
      "give the source a smaller maxRecordSize, or publish with { split: 'bytes' }",
  ],
  REFUSED: ['ERR_SLIPRING_JETSTREAM_REFUSED', 'was refused by the server, which will not change its mind'],
  CLOSED: ['ERR_SLIPRING_JETSTREAM_CLOSED', 'cannot be reached: the connection was closed before all was acknowledged'],
  DISCONNECTED: [
    'ERR_SLIPRING_JETSTREAM_DISCONNECTED',
    'cannot be reached: the connection is lost. It goes on when there is one',
  ],
  UNAVAILABLE: [
    'ERR_SLIPRING_JETSTREAM_UNAVAILABLE',
    'is not answered for: the server is busy, or its cluster has no leader at present. What has no answer is tried again',
  ],
  FULL: [
    'ERR_SLIPRING_JETSTREAM_FULL',
    "belongs to a stream that takes no more. Make room, or raise the stream's limits; until then the source waits",
  ],
} as const satisfies Record<string, readonly [code: string, text: string]>;

/** What all codes begin with. */
const PREFIX = FAILURES.CONFLICT[0].slice(0, -'CONFLICT'.length);

export type FailureKind = keyof typeof FAILURES;

/** What ends after a while by itself, so that it is worth to try again. */
const PASSING = new Set<FailureKind>(['DISCONNECTED', 'UNAVAILABLE', 'FULL']);

export function isPassing(kind: FailureKind): boolean {
  return PASSING.has(kind);
}

/** ERR_SLIPRING_JETSTREAM_…: `cause` is what the client or the server said. */
export function jetStreamFailed(kind: FailureKind, subject: string, cause?: unknown): Error & { code: string } {
  const [code, text] = FAILURES[kind];
  const words = cause instanceof Error && cause.message !== '' ? ` (${cause.message})` : '';
  const message = `The subject '${subject}' ${text}${words}`;
  return Object.assign(coded(new Error(message, cause === undefined ? {} : { cause }), code), { subject });
}

/** Made here, and not by the client. */
export function isOurs(error: unknown): error is Error {
  return String((error as { code?: unknown }).code).startsWith(PREFIX);
}

/** Another publisher was faster. */
export function isConflict(error: unknown): boolean {
  return (error as { code?: unknown }).code === FAILURES.CONFLICT[0];
}
