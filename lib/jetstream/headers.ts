/** How a message says which one it is, where it is from, and what it follows. */
import type { MsgHdrs } from '@nats-io/transport-node';

import type { Position } from '../ring';

/** Where a message's last byte ends: what is published next begins there. */
const END = 'Slipring-End';

const MESSAGE_ID = 'Nats-Msg-Id';
const EXPECTED_ID = 'Nats-Expected-Last-Msg-Id';
const EXPECTED_SEQUENCE = 'Nats-Expected-Last-Subject-Sequence';

/** What a message has to follow: the one with this sequence, or the one with this id, whose sequence is not known yet. */
export type Predecessor = number | string;

/** Longer than the names, the numbers and the rest of an id are together. */
const HEADERS_WITHOUT_FILES = 512;

/** At most so many bytes of a message are headers. */
export function headerRoom(file: string): number {
  return HEADERS_WITHOUT_FILES + 3 * file.length;
}

/** Which bytes a message begins with, and which message of which publisher it is: no other one has the same id, ever. */
export function messageId({ file, offset }: Position, publisher: string, number: number): string {
  return `${file}:${offset}:${publisher}.${number}`;
}

export function writeHeaders(headers: MsgHdrs, id: string, end: Position, after: Predecessor): MsgHdrs {
  headers.append(MESSAGE_ID, id);
  headers.append(END, write(end));
  if (typeof after === 'number') headers.append(EXPECTED_SEQUENCE, `${after}`);
  else headers.append(EXPECTED_ID, after);
  return headers;
}

function write({ file, offset, check, modified }: Position): string {
  return `${file}:${offset}${check === undefined ? '' : ` check=${check}`}${modified === undefined ? '' : ` modified=${modified}`}`;
}

function parse(text: string): Position | undefined {
  const [, file, offset, check, modified] = /^(\S+):(\d+)(?: check=(\d+))?(?: modified=([\d.]+))?$/.exec(text) ?? [];
  if (file === undefined) return undefined;
  const known = { ...(check && { check: Number(check) }), ...(modified && { modified: Number(modified) }) };
  return { file, offset: Number(offset), ...known };
}

/** What the headers of a stored message say; undefined of one that was not published by `publish()`. */
export function readHeaders(headers: MsgHdrs | undefined): { id: string; begin: Position; end: Position } | undefined {
  const id = headers?.get(MESSAGE_ID) ?? '';
  const begin = parse(id.slice(0, Math.max(id.lastIndexOf(':'), 0)));
  const end = parse(headers?.get(END) ?? '');
  return begin && end && { id, begin, end };
}
