/** What nobody can mean is refused, before anything is asked. */
import { strict as assert } from 'node:assert';
import { createPatternStream } from 'slipring';
import { createJetStreamStream, publish } from 'slipring/jetstream';

import { describeWithServer, stage } from './helpers/servers';

describeWithServer('slipring/jetstream', () => {
  const on = stage();
  const source = () => createPatternStream({ length: 1 });

  for (const [options, code] of [
    [undefined, 'ERR_INVALID_ARG_TYPE'],
    [{}, 'ERR_INVALID_ARG_TYPE'],
    [{ subject: 'a b' }, 'ERR_INVALID_ARG_VALUE'],
    [{ subject: 'logs.*' }, 'ERR_INVALID_ARG_VALUE'],
    [{ subject: 'logs..a' }, 'ERR_INVALID_ARG_VALUE'],
    [{ subject: 'a', id: 1 }, 'ERR_INVALID_ARG_TYPE'],
    [{ subject: 'a', id: 'a\r\nb' }, 'ERR_INVALID_ARG_VALUE'],
    [{ subject: 'a', split: 'lines' }, 'ERR_INVALID_ARG_VALUE'],
    [{ subject: 'a', maxInFlight: 0 }, 'ERR_OUT_OF_RANGE'],
    [{ subject: 'a', maxBytes: 0.5 }, 'ERR_OUT_OF_RANGE'],
    [{ subject: 'a', patience: -1 }, 'ERR_OUT_OF_RANGE'],
    [{ subject: 'a', onRetry: 1 }, 'ERR_INVALID_ARG_TYPE'],
    [{ subject: 'a', signal: 1 }, 'ERR_INVALID_ARG_TYPE'],
  ] as const) {
    it(`publish() refuses ${JSON.stringify(options)}`, async () => {
      await assert.rejects(publish(source, on.js, options as never), { code });
    });
  }

  it('publish() refuses what is no source, and what is no client', async () => {
    const to = { subject: 'logs.a' };
    await on.stream();
    for (const wrong of [undefined, 'file', {}, () => undefined]) {
      await assert.rejects(publish(wrong as never, on.js, to), { code: 'ERR_INVALID_ARG_TYPE' });
    }
    for (const wrong of [undefined, {}, on.nats]) {
      await assert.rejects(publish(source, wrong as never, to), { code: 'ERR_INVALID_ARG_TYPE' });
    }
  });

  for (const [options, code] of [
    [undefined, 'ERR_INVALID_ARG_TYPE'],
    [{ subject: 1 }, 'ERR_INVALID_ARG_TYPE'],
    [{ subject: '' }, 'ERR_INVALID_ARG_VALUE'],
    [{ subject: 'a', stream: 1 }, 'ERR_INVALID_ARG_TYPE'],
    [{ subject: 'a', startSequence: 0 }, 'ERR_OUT_OF_RANGE'],
    [{ subject: 'a', maxMessages: 0 }, 'ERR_OUT_OF_RANGE'],
    [{ subject: 'a', follow: 1 }, 'ERR_INVALID_ARG_TYPE'],
  ] as const) {
    it(`createJetStreamStream() refuses ${JSON.stringify(options)}`, () => {
      assert.throws(() => createJetStreamStream(on.js, options as never), { code });
    });
  }

  it('createJetStreamStream() refuses what is no client', () => {
    assert.throws(() => createJetStreamStream({} as never, { subject: 'a' }), { code: 'ERR_INVALID_ARG_TYPE' });
  });
});
