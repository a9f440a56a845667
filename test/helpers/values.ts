/** JavaScript values of every kind, for functions that must know what they get. */

export const values: Record<string, unknown> = {
  undefined,
  null: null,
  true: true,
  false: false,
  '0': 0,
  '-0': -0,
  '1': 1,
  '-1': -1,
  '1.5': 1.5,
  NaN,
  Infinity,
  '-Infinity': -Infinity,
  '2^31': 2 ** 31,
  '2^32': 2 ** 32,
  '2^53': 2 ** 53,
  'a bigint': 1n,
  'an empty string': '',
  'a number as a string': '5',
  'a word': 'word',
  'a symbol': Symbol('symbol'),
  'an object': {},
  'an object without a prototype': Object.create(null) as object,
  'an array': [],
  'an array with a number': [5],
  'a function': () => 5,
  'a date': new Date(0),
  'a map': new Map(),
  'a promise': Promise.resolve(5),
  'an error': new Error('error'),
  'a Buffer': Buffer.from('buffer'),
  'an ArrayBuffer': new ArrayBuffer(8),
  'a Float64Array': new Float64Array(1),
  'an object that is a number': Object(5) as object,
  'an object that is a string': Object('word') as object,
  'an object that says it is a number': { valueOf: () => 5, toString: () => '5' },
};

/** All of `values` but those named. */
export function valuesBut(...names: string[]): [name: string, value: unknown][] {
  return Object.entries(values).filter(([name]) => !names.includes(name));
}
