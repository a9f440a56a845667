/** Contenders that are programs: ours in C, and those that every system has. */
import { sizeName } from './readers.mjs';

/** A program of bench/native. `args` makes its arguments from the context of the run. */
export function native(name, program, args, group) {
  return { name, role: 'native', group, command: (context) => ({ program, args: args(context).map(String) }) };
}

/** A C program once for each size of its buffer. */
export function nativeOfSizes(label, sizes, program, args, group) {
  return sizes.map((size) =>
    native(`${label}, ${sizeName(size)}`, program, (context) => [...args(context), size], group),
  );
}

/** A program of the system. `args` may use the context of the run, and so may `output`, where its output goes. */
export function tool(name, program, args, { group, output = () => '/dev/null' } = {}) {
  return {
    name,
    role: 'tool',
    group,
    needs: program,
    command: (context) => ({ program, args: args(context), output: output(context) }),
  };
}
