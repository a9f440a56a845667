/** A log that is rotated, into JetStream, while the publisher and the server are killed. Much more of it: long/killed.ts. */
import { lineOf } from '../follow/helpers/lines';
import { temporaryFolder } from '../helpers/files';
import { describeWithServer, stage } from './helpers/servers';
import { shipKilled } from './helpers/shipping';

describeWithServer('a log that is shipped', () => {
  const folder = temporaryFolder();
  const on = stage();

  it('is stored once and in order while all are killed and it is rotated', async () => {
    const log = { path: folder.write('log', lineOf(0)), lines: 10_000, rotations: 10, pause: 50 };
    await shipKilled(on, log, { publisher: 3, server: 2 });
  });
});
