/// <reference types="node" preserve="true" />
/** The public surface of slipring. */
export type { Overflow, StreamOptions } from './options';
export type { Gap, LatencyHistogram, LatencyOptions, Position, Rotation, Slot, Stats } from './ring';
export type {
  Batch,
  Datagram,
  DatagramBatch,
  DelimiterFormat,
  FrameFormat,
  LiveRecordStreamOptions,
  PrefixFormat,
  RecordBatch,
  RecordFormat,
  RecordStreamOptions,
  SizeFormat,
} from './records';
export { include } from './include';
export {
  type ByteStream,
  type CloseMessage,
  type ErrorMessage,
  type GapMessage,
  liveStreams,
  type OpenMessage,
  ProducerStream,
  type RotateMessage,
  type StallMessage,
  type StreamMessage,
  type WebStreamOptions,
} from './stream';
export type { CloseFacts, ErrorFacts, GapFacts, RotateFacts, StallFacts } from './observe';
export { createDeviceStream, type DeviceStream, type DeviceStreamOptions } from './sources/device';
export type { BeginningOptions } from './sources/beginning';
export { createReadStream, type ReadStream } from './sources/file';
export type { ReadStreamOptions } from './sources/file-options';
export { createStreamFromExternal } from './sources/external';
export { createPatternStream, type PatternStreamOptions } from './sources/pattern';
export { createPluginStream, type PluginStream, type PluginStreamOptions } from './sources/plugin';
export { createUdpStream, type BoundAddress, type UdpStats, type UdpStream } from './sources/udp';
export type { Membership } from './sources/multicast';
export type { UdpStreamOptions } from './sources/udp-options';
