import cliProgress from 'cli-progress';

/** A bar on stderr for `runs` runs that read `bytesEach` bytes each; where stderr is no terminal, nothing. */
export function showProgress(runs, bytesEach) {
  const bar = new cliProgress.SingleBar(
    { format: '{bar} {percentage} %  {what}', clearOnComplete: true, gracefulExit: false },
    cliProgress.Presets.shades_classic,
  );
  bar.start(runs * bytesEach, 0, { what: '' });
  // The bar has changed the terminal's settings: a signal must not leave them so.
  process.once('exit', () => bar.stop());
  let begun = 0;
  return {
    /** Begins the next run. Returns what takes the number of bytes it has read so far. */
    follow(what) {
      const before = begun++ * bytesEach;
      bar.update(before, { what });
      return (bytes) => bar.update(before + bytes);
    },
    stop: () => bar.stop(),
  };
}
