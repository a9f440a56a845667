/** Every way to read a stream of records. */
import { once } from 'node:events';
import { Writable } from 'node:stream';
import type { ByteStream } from 'slipring';

/** The stream is made by the way itself: some need it just after that. */
type Create = (options: { encoding?: BufferEncoding }) => ByteStream;
type Way = (create: Create, take: (record: unknown) => void) => Promise<unknown>;

const latin1 = { encoding: 'latin1' } as const;

export const ways: Record<string, Way> = {
  "'data'": (create, take) => once(create({}).on('data', take), 'end'),
  "'data' as strings": (create, take) => once(create(latin1).on('data', take), 'end'),
  'for await': async (create, take) => {
    for await (const record of create({})) take(record);
  },
  'for await of strings': async (create, take) => {
    for await (const record of create({}).setEncoding('latin1')) take(record);
  },
  'read()': (create, take) => {
    const stream = create({});
    stream.on('readable', () => {
      for (let record: unknown; (record = stream.read()) !== null;) take(record);
    });
    return once(stream, 'end');
  },
  'pipe()': async (create, take) => {
    const stream = create({});
    const write = (record: unknown, _: unknown, done: () => void): void => {
      take(record);
      done();
    };
    const sink = stream.pipe(new Writable({ objectMode: true, write }));
    await once(stream, 'end');
    if (!sink.writableFinished) await once(sink, 'finish');
  },
  'toWeb()': async (create, take) => {
    for await (const record of create({}).toWeb()) take(record);
  },
  'toWeb() of strings': async (create, take) => {
    for await (const record of create(latin1).toWeb<string>()) take(record);
  },
  'lines()': async (create, take) => {
    for await (const record of create(latin1).lines()) take(record);
  },
  'batches(), at(i)': async (create, take) => {
    for await (const batch of create({}).batches()) {
      for (let i = 0; i < batch.length; i++) take(Buffer.from(batch.at(i) as Buffer));
    }
  },
  'batches(), one after the other': async (create, take) => {
    for await (const batch of create({}).batches()) {
      for (const record of batch) take(Buffer.from(record));
    }
  },
  'batches(), string(i)': async (create, take) => {
    for await (const batch of create(latin1).batches()) {
      for (let i = 0; i < batch.length; i++) take(batch.string(i));
    }
  },
  'batches(), strings()': async (create, take) => {
    for await (const batch of create(latin1).batches()) batch.strings().forEach(take);
  },
};

export interface Outcome {
  /** In latin1. */
  records: string[];
  code?: string | undefined;
  position?: number | undefined;
}

/** What the way gives, and the error that it ends with. */
export async function outcomeOf(way: Way, create: Create): Promise<Outcome> {
  const records: string[] = [];
  const take = (record: unknown): void => {
    records.push(typeof record === 'string' ? record : Buffer.from(record as Uint8Array).toString('latin1'));
  };
  try {
    await way(create, take);
  } catch (error) {
    const { code, position } = error as NodeJS.ErrnoException & { position?: number };
    return { records, code, position };
  }
  return { records };
}

/** What `'data'` gives of a stream, and the error that it ends with. */
export function outcome(stream: ByteStream): Promise<Outcome> {
  return outcomeOf(ways["'data'"] as Way, () => stream);
}
