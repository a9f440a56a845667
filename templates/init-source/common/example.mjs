import { createMySourceStream } from './index.mjs';

createMySourceStream({ interval: 500, count: 5 }).pipe(process.stdout);
