/// <reference types="node" preserve="true" />
/** `slipring/jetstream`: past one machine, with NATS JetStream. */
export { createJetStreamStream, type JetStreamStream, type JetStreamStreamOptions } from './jetstream-stream';
export { publish, type Published, type PublishSource } from './publish';
export type { PublishOptions } from './publish-options';
export type { JetStreamRecord } from './record';
