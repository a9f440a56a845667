/** The Readable: what the floors above may use of this folder. */
export { ProducerStream } from './producer-stream';
export type { WebStreamOptions } from './web';
export { ByteStream } from './byte-stream';
export { liveStreams } from './live-streams';
export type {
  CloseMessage,
  ErrorMessage,
  GapMessage,
  OpenMessage,
  RotateMessage,
  StallMessage,
  StreamMessage,
} from './channel-messages';
