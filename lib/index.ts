/** The public surface of slipring. */
export type { Overflow, StreamOptions } from './options';
export type { Gap } from './gap';
export type { Datagram } from './datagram';
export type { DatagramBatch } from './datagram-batch';
export { ProducerStream } from './producer-stream';
export type { Slot } from './slot';
export { createDeviceStream, type DeviceStream, type DeviceStreamOptions } from './sources/device';
export { createReadStream, type ReadStream, type ReadStreamOptions } from './sources/file';
export { createPatternStream, type PatternStreamOptions } from './sources/pattern';
export { createUdpStream, type UdpStats, type UdpStream } from './sources/udp';
export type { Membership, UdpStreamOptions } from './sources/udp-options';
export type { Stats } from './stats';
