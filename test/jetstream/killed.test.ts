/**
 * A log that is rotated, into JetStream, while the publisher and the server are killed: every line is stored once, in order.
 * With SLIPRING_JETSTREAM=full there is much more of all.
 */
import { strict as assert } from 'node:assert';
import { randomInt } from 'node:crypto';
import { createJetStreamStream, type JetStreamRecord } from 'slipring/jetstream';

import { lineOf } from '../follow/helpers/lines';
import { temporaryFolder } from '../helpers/files';
import { describeWithServer, stage } from './helpers/servers';
import { assertStored, lastLine, meanwhile, Shipper, write } from './helpers/shipping';

const FULL = process.env.SLIPRING_JETSTREAM === 'full';
const MUCH = FULL
  ? { lines: 1_000_000, rotations: 200, pause: 400, kills: 20, serverKills: 5 }
  : { lines: 20_000, rotations: 10, pause: 100, kills: 3, serverKills: 2 };

describeWithServer('a log that is shipped', function (this: unknown) {
  (this as Mocha.Suite).timeout(FULL ? 1_800_000 : 60_000);
  const folder = temporaryFolder();
  const on = stage();

  beforeEach(() => on.stream());

  it('is stored once and in order while all are killed and it is rotated', async () => {
    const { kills, serverKills, ...log } = MUCH;
    const file = folder.write('rotated', lineOf(0));
    const shipper = new Shipper(on.server.address, file);
    try {
      while ((await lastLine(on.manager)) < 0);
      const written = write({ path: file, style: 'rename,link', ...log });
      const event = (happen: () => Promise<unknown>) => ({ at: randomInt(log.lines - 1), happen });
      const events = [
        ...Array.from({ length: kills }, () => event(() => shipper.restart())),
        ...Array.from({ length: serverKills }, () => event(() => on.server.restart())),
      ];
      await meanwhile(on.manager, log.lines, shipper, events).catch((error: unknown) => {
        console.error('killed at', events.map(({ at }) => at).join());
        throw error;
      });
      await written;
    } finally {
      await shipper.stop();
    }
    await assertStored(on.js, log.lines);
    assert.deepEqual(shipper.gaps, []);
  });

  it('tells what is lost when it is cut', async () => {
    const { lines, rotations, pause } = MUCH;
    const file = folder.write('cut', lineOf(0));
    const shipper = new Shipper(on.server.address, file);
    const numbers: number[] = [];
    try {
      while ((await lastLine(on.manager)) < 0);
      await write({ path: file, style: 'copytruncate', lines, rotations, pause });
      while ((await lastLine(on.manager)) < lines - 1) shipper.assertAlive();
    } finally {
      await shipper.stop();
    }
    for await (const record of createJetStreamStream(on.js, { subject: 'logs.a', follow: false })) {
      numbers.push(parseInt((record as JetStreamRecord).data.toString(), 10));
    }
    assert.ok(
      numbers.every((number, i) => i === 0 || number > (numbers[i - 1] as number)),
      'once, and in order',
    );
    if (numbers.length < lines) assert.ok(shipper.gaps.length > 0, `${lines - numbers.length} lines are missing`);
    if (FULL) console.error(`      ${lines - numbers.length} lines lost, ${shipper.gaps.length} gaps`);
  });
});
