import fs from 'node:fs';

/** What is written from now on is younger than what was written before, also by a clock that ticks seldom. */
export function tick(file: string): void {
  const { mtimeMs } = fs.statSync(file);
  const probe = `${file}.probe`;
  do fs.writeFileSync(probe, 'x');
  while (fs.statSync(probe).mtimeMs <= mtimeMs);
  fs.rmSync(probe);
}
