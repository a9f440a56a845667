/** What the server answers to a message. */
import type { Msg } from '@nats-io/transport-node';

import type { FailureKind } from './failures';

export type Reply =
  /** It is stored, with this sequence. */
  | { stored: number }
  /** It is not, because it does not follow what it has to follow. */
  | { misplaced: true; cause: Error }
  | { failed: FailureKind; cause: Error };

interface Answer {
  seq?: number;
  error?: { code: number; err_code?: number; description?: string };
}

/** The server's numbers: a wrong last id, a wrong last sequence, and, of newer servers, one that is not known yet. */
const MISPLACED = new Set([10070, 10071, 10164]);
/** More than the stream's max_msg_size, than what a message may be, than a header may be. */
const TOO_LARGE = new Set([10054, 10097]);
/** The stream takes no more; there is no memory, or no disk; the account has none. */
const FULL = new Set([10077, 10023, 10028, 10047, 10002]);
/** HTTP's word for what may be different soon. */
const SERVICE_UNAVAILABLE = 503;

/** An error as the server words it. */
export function failureOf({ code, err_code: number = 0, description = '' }: NonNullable<Answer['error']>): FailureKind {
  if (number === 10059) return 'NO_STREAM';
  if (TOO_LARGE.has(number)) return 'TOO_LARGE';
  if (FULL.has(number) || /maximum (messages|bytes)|resources/.test(description)) return 'FULL';
  return code >= 500 ? 'UNAVAILABLE' : 'REFUSED';
}

export function readReply(message: Msg): Reply {
  if (message.data.length === 0 && message.headers?.code === SERVICE_UNAVAILABLE) {
    return { failed: 'UNAVAILABLE', cause: new Error('no responders') };
  }
  const { seq, error } = message.json<Answer>();
  if (error) {
    const cause = Object.assign(new Error(error.description ?? ''), { code: error.err_code });
    if (MISPLACED.has(error.err_code ?? 0)) return { misplaced: true, cause };
    return { failed: failureOf(error), cause };
  }
  if (typeof seq === 'number') return { stored: seq };
  return { failed: 'REFUSED', cause: new Error('its answer is not one of JetStream') };
}
