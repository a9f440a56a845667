/**
 * Which destinations of `pipe()` are terminal: done with a chunk when its write callback fires. Only those are lent
 * slots. When in doubt the answer is no, and the destination gets chunks of its own.
 */
import fs from 'node:fs';

/** A Writable that has this property set to true promises to be done with a chunk when it calls back. */
const consumesOnWrite = Symbol.for('slipring.consumesOnWrite');

/** The methods that a chunk passes through. One that a subclass or an instance replaced may keep the chunk. */
interface WriteMethods {
  write?: unknown;
  _write?: unknown;
  _writev?: unknown;
  _transform?: unknown;
}

function sameMethods(a: WriteMethods, b: WriteMethods): boolean {
  return a.write === b.write && a._write === b._write && a._writev === b._writev && a._transform === b._transform;
}

/** A kind of sink: whose methods it has, and what else must hold of an instance. */
interface Kind {
  methods: WriteMethods;
  holds: (sink: object) => boolean;
}

const always = (): boolean => true;

/** A thread of Node's pool writes to it. */
export function isFileSink(sink: object): boolean {
  return sameMethods(fs.WriteStream.prototype, sink) && writesWithNodeFs(sink);
}

/** Where an fs.WriteStream has the functions that it writes with. */
export function fileSystemOf(sink: object): symbol | undefined {
  return Object.getOwnPropertySymbols(sink).find(({ description }) => description === 'kFs');
}

/** Whether they are those of node:fs, not an `fs` option's. */
function writesWithNodeFs(sink: object): boolean {
  const symbol = fileSystemOf(sink);
  return symbol !== undefined && (sink as Record<symbol, unknown>)[symbol] === fs;
}

/** An HTTP/1 message hands chunks to its socket, which may be any Duplex, or not there yet. */
function hasTerminalSocket(sink: object): boolean {
  const { socket } = sink as { socket?: object | null };
  return socket !== undefined && socket !== null && isTerminalSink(socket);
}

/** Node does not export its HTTP/2 streams' class. */
function isHttp2Stream(sink: object): boolean {
  let prototype: unknown = Object.getPrototypeOf(sink);
  while (prototype !== null && !Object.hasOwn(prototype as object, '_write')) {
    prototype = Object.getPrototypeOf(prototype);
  }
  const own = Object.hasOwn(sink, '_write') || Object.hasOwn(sink, '_writev') || Object.hasOwn(sink, 'write');
  if (own || prototype === null) return false;
  // The name alone would also be some other class's.
  return (prototype as object).constructor.name === 'Http2Stream' && Object.hasOwn(prototype as object, 'sentTrailers');
}

function kindsOf(classes: readonly ({ prototype: object } | undefined)[], holds: Kind['holds'] = always): Kind[] {
  return classes.filter((known) => known !== undefined).map(({ prototype }) => ({ methods: prototype, holds }));
}

let kinds: readonly Kind[] | undefined;

/** Made on the first use of pipe() into what is no file: not every program that reads a file loads HTTP/2. */
function knownKinds(): readonly Kind[] {
  const net = process.getBuiltinModule('node:net');
  const http = process.getBuiltinModule('node:http');
  const http2 = process.getBuiltinModule('node:http2');
  const zlib = process.getBuiltinModule('node:zlib');
  // @types/node knows these as types only.
  const crypto = process.getBuiltinModule('node:crypto') as unknown as Record<
    string,
    { prototype: object } | undefined
  >;
  return [
    ...kindsOf([net.Socket]), // TLS sockets and terminals inherit its methods
    ...kindsOf([http.OutgoingMessage], hasTerminalSocket), // requests and responses
    ...kindsOf([http2.Http2ServerResponse], (sink) => isHttp2Stream((sink as { stream: object }).stream)),
    ...kindsOf([zlib.Gzip, zlib.BrotliCompress]), // each shares its methods with all others of its family
    ...kindsOf([crypto.Hash, crypto.Hmac, crypto.Cipheriv, crypto.Decipheriv, crypto.Sign, crypto.Verify]),
  ];
}

export function isTerminalSink(sink: object): boolean {
  if ((sink as Record<symbol, unknown>)[consumesOnWrite] === true || isFileSink(sink)) return true;
  kinds ??= knownKinds();
  return kinds.some(({ methods, holds }) => sameMethods(methods, sink) && holds(sink)) || isHttp2Stream(sink);
}

/** Whether the sink was torn down, so that its callbacks tell nothing any more, not even those without an error. */
export function isDestroyed(sink: object): boolean {
  const { destroyed, stream } = sink as { destroyed?: boolean; stream?: { destroyed?: boolean } | null };
  // An HTTP/2 response, as `http2.createServer()` makes it for its 'request' listener, only has its stream's.
  return destroyed === true || stream?.destroyed === true;
}
