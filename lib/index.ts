/// <reference types="node" preserve="true" />
/** The public surface of slipring. */
export type { Overflow, StreamOptions } from './options';
export type { Gap } from './ring';
export type { Datagram } from './records';
export type { DatagramBatch } from './records';
export { include } from './include';
export { ProducerStream } from './stream';
export type { Slot } from './ring';
export { createDeviceStream, type DeviceStream, type DeviceStreamOptions } from './sources/device';
export { createReadStream, type ReadStream, type ReadStreamOptions } from './sources/file';
export { createStreamFromExternal } from './sources/external';
export { createPatternStream, type PatternStreamOptions } from './sources/pattern';
export { createPluginStream, type PluginStream, type PluginStreamOptions } from './sources/plugin';
export { createUdpStream, type BoundAddress, type UdpStats, type UdpStream } from './sources/udp';
export type { Membership } from './sources/multicast';
export type { UdpStreamOptions } from './sources/udp-options';
export type { Stats } from './ring';
export type { WebStreamOptions } from './stream';
