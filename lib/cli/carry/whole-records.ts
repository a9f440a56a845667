/** Records of which only so many bytes may pass: the last one is not cut. */
import type { RecordFormat } from '../../records';
import type { ByteStream } from '../../stream';
import type { Loan } from './carry';

/** What is before each record, and no part of it. */
function headOf(format: RecordFormat): number {
  const prefix = typeof format === 'object' && 'prefix' in format ? format.prefix : undefined;
  return prefix === undefined ? 0 : parseInt(prefix.slice(1), 10) / 8;
}

export async function* wholeRecords(stream: ByteStream, format: RecordFormat): AsyncGenerator<Loan, void, undefined> {
  const head = headOf(format);
  for await (const batch of stream.batches()) {
    const fitting = (room: number): number => {
      let index = batch.length - 1;
      while (index > 0 && batch.offset(index) - head > room) index--;
      return index > 0 ? batch.offset(index) - head : 0;
    };
    yield { data: batch.data, fitting };
  }
}
