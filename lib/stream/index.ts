export { ProducerStream } from './producer-stream';
export type { WebStreamOptions } from './web';
