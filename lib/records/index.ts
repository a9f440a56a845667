/** Records: what the floors above may use of this folder. */
export { type DatagramBatch, LentBatch } from './datagram-batch';
export { DatagramGaps } from './datagram-gaps';
export { Senders } from './datagram-sender';
export { DatagramTable } from './datagram-table';
export { DatagramUnpacker } from './datagram-unpacker';
export type { Datagram } from './datagram';
export type { Unpacked, Unpacker } from './unpacker';
