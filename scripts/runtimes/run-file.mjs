// Runs one compiled test file with mocha, on whatever runtime this is, and writes what came of each test, a line of JSON
// each, and "complete" at the end: also what came before a crash is there.
//
//   run-file.mjs TEST-FILE RESULT-FILE MILLISECONDS-PER-TEST
import { appendFileSync } from 'node:fs';
import Mocha from 'mocha';

const [, , file, result, timeout] = process.argv;

function note(test, state, error) {
  const [message] = String(error?.message ?? error ?? '').split('\n');
  appendFileSync(result, `${JSON.stringify({ title: test.fullTitle(), state, message })}\n`);
}

const mocha = new Mocha({ timeout: Number(timeout), reporter: class {} });
mocha.addFile(file);
mocha
  .run((failures) => {
    appendFileSync(result, '"complete"\n');
    process.exitCode = failures > 0 ? 1 : 0;
  })
  .on('pass', (test) => note(test, 'passed'))
  .on('fail', (test, error) => note(test, 'failed', error))
  .on('pending', (test) => note(test, 'pending'));
