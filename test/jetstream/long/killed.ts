/** As ../killed.test.ts: a million lines. */
import { lineOf } from '../../follow/helpers/lines';
import { temporaryFolder } from '../../helpers/files';
import { describeWithServer, stage } from '../helpers/servers';
import { shipKilled } from '../helpers/shipping';

describeWithServer('a long log that is shipped', () => {
  const folder = temporaryFolder();
  const on = stage();

  it('is stored once and in order while all are killed and it is rotated', async () => {
    const log = { path: folder.write('log', lineOf(0)), lines: 1_000_000, rotations: 200, pause: 400 };
    await shipKilled(on, log, { publisher: 20, server: 5 });
  });
});
