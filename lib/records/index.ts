/** Records: what the floors above may use of this folder. */
export { type DatagramBatch, LentDatagrams } from './datagram-batch';
export { DatagramGaps } from './datagram-gaps';
export { Senders } from './datagram-sender';
export { DatagramTable } from './datagram-table';
export { DatagramUnpacker } from './datagram-unpacker';
export type { Datagram } from './datagram';
export type { Batch } from './batch';
export type { RecordBatch } from './record-batch';
export {
  type LiveRecordStreamOptions,
  type DelimiterFormat,
  type FrameFormat,
  type PrefixFormat,
  type SizeFormat,
  type RecordFormat,
  type RecordStreamOptions,
  recordSlotSize,
  resolveFraming,
} from './record-formats';
export type { RecordSlot } from './record-slot';
export { StreamRecords } from './records';
export type { Unpacked, Unpacker } from './unpacker';
