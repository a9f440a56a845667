/** `slipring completion`, --help and the manual page: what the table says, everywhere the same. */
import { strict as assert } from 'node:assert';
import path from 'node:path';

import { temporaryFolder } from '../helpers/files';
import { describeWhere, itWithPackagesOfLinux, onWindows } from '../helpers/where';
import { root, run, slipring } from './helpers/command';

describeWhere(!onWindows, 'these shells are those of Unix')('slipring completion', () => {
  const temporary = temporaryFolder();

  function script(shell: string): string {
    const { code, stdout } = slipring(root, 'completion', shell);
    assert.equal(code, 0);
    return temporary.write(`slipring.${shell}`, stdout);
  }

  it('has bash complete commands, options, and their arguments', () => {
    const file = script('bash');
    for (const [words, completed] of [
      ['do', 'doctor'],
      ['copy --over', '--overflow'],
      ['copy --overflow drop-', 'drop-oldest\ndrop-newest'],
      ['listen -f p', 'pcap'],
      ['completion z', 'zsh'],
      [`cat ${file.slice(0, -3)}`, file],
      [`cat ${temporary.write('one file', '').slice(0, -5)}`, temporary.path('one file')],
    ] as const) {
      const count = words.split(' ').length;
      const line = `source ${file}; COMP_WORDS=(slipring ${words}); COMP_CWORD=${count}; _slipring; printf "%s\\n" "\${COMPREPLY[@]}"`;
      const { stdout, stderr } = run('bash', ['-c', line], root);
      assert.equal(stderr, '');
      assert.equal(stdout, `${completed}\n`);
    }
  });

  itWithPackagesOfLinux({ zsh: 'zsh' })('has a function for zsh', () => {
    // compinit, which would define it, takes seconds.
    const line = `compdef() { echo $functions[$1] | wc -w; echo $2 }; source ${script('zsh')}`;
    const { stdout, stderr } = run('zsh', ['-f', '-c', line], root);
    assert.equal(stderr, '');
    assert.match(stdout, /^\d{3,}\nslipring\n$/);
  });

  itWithPackagesOfLinux({ fish: 'fish' })('has fish complete commands and options', () => {
    const line = `source ${script('fish')}; complete -C 'slipring doc'; complete -C 'slipring copy --overflow drop-o'`;
    const { stdout } = run('fish', ['--no-config', '-c', line], root);
    assert.match(stdout, /^doctor\t/m);
    assert.match(stdout, /^drop-oldest\t/m);
  });

  it('refuses a shell that it does not know', () => {
    assert.equal(slipring(root, 'completion', 'cmd').code, 2);
  });
});

describe('the help of slipring', () => {
  let commands: string[] = [];

  before(() => {
    const { stdout } = slipring(root, '--help');
    const [, list = ''] = /^Commands:\n((?: .*\n)+)/m.exec(stdout) ?? [];
    commands = [...list.matchAll(/^ {2}([a-z-]+)/gm)].map(([, name]) => name as string);
  });

  it('knows every command', () => {
    assert.ok(commands.length >= 9);
  });

  it('fits a screen: 50 lines of 100 characters', () => {
    for (const name of commands) {
      const { code, stdout } = slipring(root, name, '--help');
      assert.equal(code, 0);
      const lines = stdout.trimEnd().split('\n');
      assert.ok(lines.length <= 50, `${name}: ${lines.length} lines`);
      for (const line of lines) assert.ok(line.length <= 100, line);
    }
  });

  it('is the manual page, too', () => {
    const { code, stderr } = run(process.execPath, [path.join(root, 'scripts/man-page.mjs'), '--check'], root);
    assert.deepEqual([code, stderr], [0, '']);
  });

  itWithPackagesOfLinux({ 'man-db': 'man' })('is a manual page that man has nothing to object to', () => {
    const { stderr, stdout } = run('man', ['--warnings', '-P', 'cat', '-l', 'man/slipring.1'], root);
    assert.equal(stderr, '');
    for (const name of commands) assert.ok(stdout.includes(`slipring ${name}`), name);
  });
});
