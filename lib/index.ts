/// <reference types="node" preserve="true" />
/** The public surface of slipring. */
export type { Overflow, StreamOptions } from './options';
export type { Gap } from './gap';
export type { Datagram } from './datagram';
export type { DatagramBatch } from './datagram-batch';
export { include } from './include';
export { ProducerStream } from './producer-stream';
export type { Slot } from './slot';
export { createDeviceStream, type DeviceStream, type DeviceStreamOptions } from './sources/device';
export { createReadStream, type ReadStream, type ReadStreamOptions } from './sources/file';
export { createStreamFromExternal } from './sources/external';
export { createPatternStream, type PatternStreamOptions } from './sources/pattern';
export { createPluginStream, type PluginStream, type PluginStreamOptions } from './sources/plugin';
export { createUdpStream, type BoundAddress, type UdpStats, type UdpStream } from './sources/udp';
export type { Membership } from './sources/multicast';
export type { UdpStreamOptions } from './sources/udp-options';
export type { Stats } from './stats';
export type { WebStreamOptions } from './web-stream';
