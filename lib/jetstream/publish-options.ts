/** The options of `publish()`, and their checks. */
import { invalidArgType, invalidArgValue } from '../errors';
import { copyOf, validateInteger, validateSignal } from '../options';

/** The options of {@link publish}. */
export interface PublishOptions {
  /** What to publish to. It belongs to one stream, and nobody else publishes to it. */
  subject: string;
  /**
   * The name of what is published, when that is no file: it takes the place of the file's identity in positions, which then
   * count all bytes that were ever published under this name.
   */
  id?: string | undefined;
  /**
   * What a message is: `'records'`, one each; or `'bytes'`, as many as lie in one slot and the server takes in one message.
   * Of a stream with records those end where a record ends, unless that alone is too large.
   * @defaultValue 'records' when the stream has them, otherwise 'bytes'
   */
  split?: 'records' | 'bytes' | undefined;
  /**
   * How many messages may wait for their acks at a time.
   * @defaultValue 256
   */
  maxInFlight?: number | undefined;
  /**
   * How many bytes they may have together; one message may, however large it is.
   * @defaultValue 4 MiB
   */
  maxBytes?: number | undefined;
  /**
   * For how many milliseconds to go on without any progress, while the server is away, busy or full, before it fails with what
   * was the trouble. While it goes on the source waits, and nothing is lost.
   * @defaultValue Infinity
   */
  patience?: number | undefined;
  /** Stops at once when it is aborted: what is published and has no ack yet may be stored or not. */
  signal?: AbortSignal | undefined;
  /**
   * Is told of each trouble that is expected to pass, and so of each that has made it send again: an error with one of the codes
   * `ERR_SLIPRING_JETSTREAM_DISCONNECTED`, `…_UNAVAILABLE` and `…_FULL`.
   * @defaultValue A process warning, `SLIPRING_JETSTREAM_WAITS`, when there was no progress for 5 s
   */
  onRetry?: ((error: Error) => void) | undefined;
}

export interface ResolvedPublishOptions {
  subject: string;
  id: string | undefined;
  split: 'records' | 'bytes' | undefined;
  most: { messages: number; bytes: number };
  patience: number;
  signal: AbortSignal | undefined;
  onRetry: ((error: Error) => void) | undefined;
}

const MAX_IN_FLIGHT = 256;
const MAX_BYTES = 4 * 1024 * 1024;

/** What stands in a header, and between colons: printable, without spaces. */
function validateId(value: unknown): string {
  if (typeof value !== 'string') throw invalidArgType('options.id', 'of type string', value);
  if (/^[\x21-\x7e]{1,200}$/.test(value)) return value;
  throw invalidArgValue('options.id', 'must have 1 to 200 printable characters of ASCII, and no spaces', value);
}

export function validateSubject(value: unknown): string {
  if (typeof value !== 'string') throw invalidArgType('options.subject', 'of type string', value);
  const tokens = value.split('.');
  if (tokens.every((token) => token !== '' && !/[\s*>]/.test(token))) return value;
  throw invalidArgValue('options.subject', "must be a subject of NATS without wildcards, such as 'logs.host-1'", value);
}

export function resolvePublishOptions(given: PublishOptions): ResolvedPublishOptions {
  if (typeof given !== 'object' || given === null) throw invalidArgType('options', 'an instance of Object', given);
  const options = copyOf(given);
  const {
    id,
    split,
    maxInFlight = MAX_IN_FLIGHT,
    maxBytes = MAX_BYTES,
    patience = Infinity,
    signal,
    onRetry,
  } = options;
  if (split !== undefined && split !== 'records' && split !== 'bytes') {
    throw invalidArgValue('options.split', "must be 'records' or 'bytes'", split);
  }
  if (onRetry !== undefined && typeof onRetry !== 'function') {
    throw invalidArgType('options.onRetry', 'of type function', onRetry);
  }
  return {
    subject: validateSubject(options.subject),
    id: id === undefined ? undefined : validateId(id),
    split,
    most: {
      messages: validateInteger(maxInFlight, 'options.maxInFlight', 1, 65536),
      bytes: validateInteger(maxBytes, 'options.maxBytes', 1),
    },
    patience: patience === Infinity ? patience : validateInteger(patience, 'options.patience', 0),
    signal: signal === undefined ? undefined : validateSignal(signal, 'options.signal'),
    onRetry,
  };
}
