/** A subject of NATS JetStream as a sink: the server knows how far it came, and a file goes on there. */
import { statSync } from 'node:fs';

import { Failure } from '../failure';
import { openSource, type SourceOptions } from '../sources';
import { publish, type PublishSource } from '../../jetstream';
import { ByteStream } from '../../stream';

const STOPPED = { SIGINT: 130, SIGTERM: 143 } as const;

interface Subject {
  servers: string;
  subject: string;
}

function subjectOf(sink: string): Subject {
  const [, servers, subject] = /^nats:\/\/([^/]+)\/([^/]+)$/.exec(sink) ?? [];
  if (servers !== undefined && subject !== undefined) return { servers, subject };
  throw new Failure(`${sink}: where to publish is nats://HOST:PORT/SUBJECT.\nSee: slipring copy --help`, 2);
}

/** Users bring it. */
async function connectTo(servers: string): Promise<{ client: Client; close: () => Promise<void> }> {
  try {
    const { jetstream } = require('@nats-io/jetstream') as typeof import('@nats-io/jetstream');
    const { connect } = require('@nats-io/transport-node') as typeof import('@nats-io/transport-node');
    const nats = await connect({ servers, maxReconnectAttempts: -1 });
    return { client: jetstream(nats), close: () => nats.close() };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'MODULE_NOT_FOUND') throw new Failure(`cannot connect to nats://${servers}: ${message}.`);
    throw new Failure('nats:// needs a client: npm install @nats-io/transport-node @nats-io/jetstream');
  }
}

type Client = ReturnType<typeof import('@nats-io/jetstream').jetstream>;

/** Only a file can be opened where the last message ends. Everything else is given as it is, under the name that it has here. */
async function sourceOf(name: string, options: SourceOptions): Promise<{ source: PublishSource; id?: string }> {
  const open = async (more: SourceOptions): Promise<ByteStream> => {
    const { stream } = await openSource(name, { ...options, ...more });
    if (stream instanceof ByteStream) return stream;
    throw new Failure(`${name} has no bytes to publish, but datagrams: nats:// takes any other source.`, 2);
  };
  if (statSync(name, { throwIfNoEntry: false })?.isFile()) return { source: (resume) => open({ resume }) };
  return { source: await open({}), id: name };
}

/** @returns the exit code */
export async function publishTo(sink: string, name: string, options: SourceOptions): Promise<number> {
  const { servers, subject } = subjectOf(sink);
  const given = await sourceOf(name, options);
  const { client, close } = await connectTo(servers);
  const stopped = new AbortController();
  let code = 0;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      code = STOPPED[signal];
      stopped.abort();
    });
  }
  try {
    await publish(given.source, client, { subject, signal: stopped.signal, ...(given.id && { id: given.id }) });
  } catch (error) {
    if (error instanceof Failure) throw error;
    if (!stopped.signal.aborted) throw new Failure(`${name} to ${sink}: ${(error as Error).message}.`);
  } finally {
    await close();
  }
  return code;
}
