// Faults in the slot table.
export const file = 'addon/core/ring/slot_table.h';

export const mutants = [
  {
    name: 'a slot does not change its state',
    from: '    state = to;\n',
    to: '    static_cast<void>(to);\n',
    caughtBy: ['plain', 'slot_table_test'],
    why: 'the state is there to be checked',
  },
  {
    name: 'a wrong transition is not noticed',
    from: '    assert(state == from);\n',
    to: '',
    caughtBy: ['plain', 'slot_table_test'],
    why: 'the state is there to be checked',
  },
  {
    name: 'the slot after the last one exists',
    from: 'assert(index < slots_.size())',
    to: 'assert(index <= slots_.size())',
    caughtBy: ['plain', 'slot_table_test'],
    why: 'an index off by one shall not go unnoticed',
  },
];
