/** The public surface of slipring. */
export type { Overflow, StreamOptions } from './options';
export type { Gap } from './gap';
export { ProducerStream } from './producer-stream';
export type { Slot } from './slot';
export { createDeviceStream, type DeviceStream, type DeviceStreamOptions } from './sources/device';
export { createReadStream, type ReadStream, type ReadStreamOptions } from './sources/file';
export { createPatternStream, type PatternStreamOptions } from './sources/pattern';
export type { Stats } from './stats';
