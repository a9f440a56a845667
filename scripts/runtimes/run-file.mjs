// Runs one compiled test file with mocha, on whatever runtime this is, and writes what came of each test, a line of JSON
// each, and "complete" at the end: also what came before a crash is there. Tests that the result file has already are
// left out: after a crash, a second run goes on behind it.
//
//   run-file.mjs TEST-FILE RESULT-FILE MILLISECONDS-PER-TEST [ENDLESS]
//
// ENDLESS is a regular expression: tests that would wait for ever have failed, and are not run.
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import Mocha from 'mocha';

const [, , file, result, timeout, endless] = process.argv;
const isEndless = (test) => Boolean(endless) && new RegExp(endless).test(test.fullTitle());

function note(test, state, error) {
  const [message] = String(error?.message ?? error ?? '').split('\n');
  appendFileSync(result, `${JSON.stringify({ title: test.fullTitle(), state, message })}\n`);
}

const past = existsSync(result) ? readFileSync(result, 'utf8').split('\n').slice(0, -1) : [];
const known = past.map((line) => JSON.parse(line).title.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));

const mocha = new Mocha({ timeout: Number(timeout), reporter: class {} });
mocha.addFile(file);
mocha.rootHooks({
  beforeEach() {
    if (isEndless(this.currentTest)) this.skip();
  },
});
if (known.length > 0) mocha.grep(new RegExp(`^(?:${known.join('|')})$`)).invert();
mocha
  .run((failures) => {
    appendFileSync(result, '"complete"\n');
    process.exitCode = failures > 0 ? 1 : 0;
  })
  .on('test', (test) => note(test, 'started'))
  .on('pass', (test) => note(test, 'passed'))
  .on('fail', (test, error) => note(test, 'failed', error))
  .on('pending', (test) => (isEndless(test) ? note(test, 'failed', 'not run') : note(test, 'pending')));
