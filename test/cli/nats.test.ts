/** `slipring copy FILE nats://…`: each record once, also when it is called again. */
import { strict as assert } from 'node:assert';
import { appendFileSync } from 'node:fs';

import { temporaryFolder } from '../helpers/files';
import { describeWithServer, stage } from '../jetstream/helpers/servers';
import { carry } from './helpers/running';

describeWithServer('slipring copy to nats://', () => {
  const temporary = temporaryFolder();
  const on = stage();

  before(() => on.stream());

  it('publishes each record, and goes on where it came to', async () => {
    const log = temporary.write('app.log', 'one\ntwo\n');
    const args = ['copy', 'app.log', `nats://${on.server.address}/logs.a`, '--records', 'lines'];
    const first = await carry(temporary.path('.'), ...args);
    assert.deepEqual([first.code, first.stderr], [0, '']);
    appendFileSync(log, 'three\n');
    const second = await carry(temporary.path('.'), ...args);
    assert.deepEqual([second.code, second.stderr], [0, '']);
    assert.deepEqual(await on.stored(), ['one', 'two', 'three']);
  });

  it('says that there is no server, or no stream, in one sentence', async () => {
    temporary.write('file', 'x');
    for (const to of ['nats://127.0.0.1:1/logs.a', `nats://${on.server.address}/nobody.a`]) {
      const { code, stderr } = await carry(temporary.path('.'), 'copy', 'file', to);
      assert.equal(code, 1);
      assert.match(stderr, /^slipring: .*\n$/);
    }
  });

  it('goes with no other sink, and with no option that it cannot keep', async () => {
    for (const more of ['null:', '--gzip']) {
      const { code } = await carry(temporary.path('.'), 'copy', 'file', 'nats://127.0.0.1:1/logs.a', more);
      assert.equal(code, 2);
    }
  });
});
