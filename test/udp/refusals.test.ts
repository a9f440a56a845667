/** The options of UDP streams: what is refused, and with which code. */
import { strict as assert } from 'node:assert';
import { createUdpStream, type UdpStreamOptions } from 'slipring';

import { values, valuesBut } from '../helpers/values';
import { closed } from '../helpers/waiting';
import { describeWithUdp } from './helpers/where';

const TYPE = 'ERR_INVALID_ARG_TYPE';
const VALUE = 'ERR_INVALID_ARG_VALUE';
const RANGE = 'ERR_OUT_OF_RANGE';

/** The code that the options are refused with, at once. */
function codeOf(options: object | null): string {
  try {
    void closed(createUdpStream(options as UdpStreamOptions).destroy());
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'no code';
  }
  return 'none';
}

const integerCode = (value: unknown): string => (typeof value === 'number' ? RANGE : TYPE);
const textCode = (value: unknown): string => (typeof value === 'string' ? VALUE : TYPE);

describeWithUdp('a UDP stream refuses', () => {
  it('options that are no object', () => {
    for (const value of [null, 5, 'udp4', true]) assert.equal(codeOf(value as never), TYPE, String(value));
    assert.equal(codeOf({}), 'none');
  });

  for (const [name, ...allowed] of [
    ['port', '0', '-0', '1'],
    ['recvBufferSize', '1'],
    ['maxDatagramSize', '1'],
  ] as const) {
    it(`a wrong ${name}`, () => {
      for (const [kind, value] of valuesBut('undefined', ...allowed)) {
        assert.equal(codeOf({ [name]: value }), integerCode(value), kind);
      }
      for (const kind of ['undefined', ...allowed]) assert.equal(codeOf({ [name]: values[kind] }), 'none', kind);
    });
  }

  it('numbers just outside their range, and takes those just inside', () => {
    for (const [options, code] of [
      [{ port: 65535, address: '127.0.0.1' }, 'none'],
      [{ port: 65536 }, RANGE],
      [{ maxDatagramSize: 65535 }, 'none'],
      [{ maxDatagramSize: 65536 }, RANGE],
      [{ slotSize: 65 }, 'none'],
      [{ slotSize: 64 }, RANGE],
      [{ slotSize: 1000, maxDatagramSize: 936 }, 'none'],
      [{ slotSize: 1000, maxDatagramSize: 937 }, RANGE],
      [{ recvBufferSize: 2 ** 31 }, RANGE],
    ] as const) {
      assert.equal(codeOf(options), code, JSON.stringify(options));
    }
  });

  for (const name of ['reuseAddr', 'reusePort', 'ipv6Only']) {
    it(`a ${name} that is no boolean`, () => {
      for (const [kind, value] of valuesBut('undefined', 'true', 'false')) {
        assert.equal(codeOf({ [name]: value }), TYPE, kind);
      }
      for (const value of [true, false]) assert.equal(codeOf({ [name]: value }), 'none');
    });
  }

  it('a type that is not one of the two', () => {
    for (const [kind, value] of valuesBut('undefined')) assert.equal(codeOf({ type: value }), VALUE, kind);
    for (const value of ['udp', 'UDP4', 'toString', '__proto__']) assert.equal(codeOf({ type: value }), VALUE, value);
  });

  it('to be bound where no group is heard', () => {
    const [a, b] = [{ address: '239.1.1.1' }, { address: '239.1.1.2' }];
    const [c, d] = [{ address: 'ff02::1:7' }, { address: 'ff02:0::1:8' }];
    for (const [address, multicast, code] of [
      ['127.0.0.1', a, VALUE],
      ['127.0.0.1', [], 'none'],
      ['239.1.1.1', undefined, 'none'],
      ['239.1.1.1', [a, { ...a, source: '127.0.0.2' }], 'none'],
      ['239.1.1.2', a, VALUE],
      ['239.1.1.1', [a, b], VALUE],
      ['0.0.0.0', [a, b], 'none'],
      ['::1', c, VALUE],
      ['0::0', [c, d], 'none'],
      ['FF02::0:1:8', d, 'none'],
      ['ff02::1:7', d, VALUE],
    ] as const) {
      const type = address.includes(':') ? 'udp6' : 'udp4';
      assert.equal(codeOf({ type, address, multicast }), code, `${address} ${JSON.stringify(multicast)}`);
    }
  });

  it('every encoding, as an option and when it is set later', async () => {
    const stream = createUdpStream();
    for (const encoding of ['utf8', 'buffer', 'no encoding', undefined]) {
      assert.throws(() => stream.setEncoding(encoding as BufferEncoding), { code: VALUE });
    }
    await closed(stream.destroy());
  });

  it('an address that is none, or of the other family', () => {
    for (const [kind, value] of valuesBut('undefined')) assert.equal(codeOf({ address: value }), textCode(value), kind);
    for (const address of ['localhost', '127.0.0', '127.0.0.1 ', '::1']) {
      assert.equal(codeOf({ address }), VALUE, address);
    }
    assert.equal(codeOf({ address: '127.0.0.1', type: 'udp6' }), VALUE);
    assert.equal(codeOf({ address: '::1', type: 'udp6' }), 'none');
  });

  it('a membership that is no object', () => {
    for (const value of [null, 5, '239.1.2.3', true, [null], ['239.1.2.3']]) {
      assert.equal(codeOf({ multicast: value }), TYPE, String(value));
    }
    assert.equal(codeOf({ multicast: [] }), 'none');
  });

  it('a membership with a wrong address, source or interface', () => {
    const address = '239.1.2.3';
    for (const [kind, value] of Object.entries(values)) {
      assert.equal(codeOf({ multicast: { address: value } }), textCode(value), `address: ${kind}`);
      if (value === undefined) continue;
      assert.equal(codeOf({ multicast: { address, source: value } }), textCode(value), `source: ${kind}`);
      if (typeof value === 'string') continue;
      assert.equal(codeOf({ multicast: { address, interface: value } }), TYPE, `interface: ${kind}`);
    }
    for (const name of ['', '-', 'a b', 'a/b', 'a\0b', 'a'.repeat(64)]) {
      assert.equal(codeOf({ multicast: { address, interface: name } }), VALUE, name);
    }
    assert.equal(codeOf({ multicast: { address: 'ff02::1' } }), VALUE);
    assert.equal(codeOf({ multicast: { address, source: '::1' } }), VALUE);
  });

  it('an encoding: its chunks are objects', () => {
    for (const encoding of ['utf8', 'hex', 'no such', 5]) assert.equal(codeOf({ encoding }), VALUE, String(encoding));
    for (const encoding of [undefined, null, 'buffer']) assert.equal(codeOf({ encoding }), 'none', String(encoding));
  });

  it('what every stream refuses', () => {
    for (const [options, code] of [
      [{ slots: 0 }, RANGE],
      [{ slotSize: '1' }, TYPE],
      [{ overflow: 'no such' }, VALUE],
      [{ signal: 5 }, TYPE],
      [{ emitClose: 5 }, TYPE],
      [{ autoClose: 5 }, TYPE],
    ] as const) {
      assert.equal(codeOf(options), code, JSON.stringify(options));
    }
    for (const overflow of ['block', 'drop-oldest', 'drop-newest', 'strict']) {
      assert.equal(codeOf({ overflow }), 'none', overflow);
    }
  });
});
