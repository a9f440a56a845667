import { readFileSync, writeFileSync } from 'node:fs';
// devices.mjs's runOnce, reused by text
let text = readFileSync(new URL('./devices.mjs', import.meta.url), 'utf8');
text = text.slice(0, text.indexOf('async function latency()'));
text = text.replace("import fs from 'node:fs';", "import fs, { writeFileSync } from 'node:fs';");
text += `
const R = Number(process.env.R ?? 10);
const kind = process.env.KIND ?? 'fifo';
const args = [Number(process.env.N ?? 25000), Number(process.env.US ?? 200)];
const theirs = kind === 'fifo' ? 'net.Socket' : 'tty.ReadStream';
const sets = { A: [theirs, theirs, theirs], S: ['slipring', theirs, theirs], T: [theirs, theirs, 'slipring'] };
const names = (process.env.SETS ?? 'A,S,T').split(',');
const acc = {};
for (let run = 0; run < R; run++) for (const name of names) {
  const results = await runOnce(sets[name], kind, 'times', args);
  writeFileSync('/tmp/cold/run-' + name + '-' + run + '.json', JSON.stringify(results.map((r) => r.microseconds.map((x) => Math.round(x)))));
  results.forEach(({ microseconds }, i) => {
    const x = Float64Array.from(microseconds);
    ((acc[name] ??= [])[i] ??= []).push([quantile(x, 0.5), quantile(x, 0.9), quantile(x, 0.99), quantile(x, 0.999)]);
  });
}
for (const name of names) acc[name].forEach((runs, i) => {
  console.log(name, i, sets[name][i].padEnd(14), [0,1,2,3].map((k) => { const v = runs.map((r) => r[k]); const m = v.reduce((a, b) => a + b) / v.length; const sd = Math.sqrt(v.reduce((a, b) => a + (b - m) ** 2, 0) / (v.length - 1) / v.length); return m.toFixed(1) + '±' + sd.toFixed(1); }).join('  '));
});
process.exit();
`;
text = text.replace("'device-reader.mjs'", "'diag-reader.mjs'");
const f = new URL('./diag-gen.mjs', import.meta.url);
writeFileSync(f, text);
await import(f);
