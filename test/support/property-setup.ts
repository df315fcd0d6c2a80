/**
 * Settings of every property test (fast-check): as many runs as fit into a few seconds each, so that the whole suite keeps
 * its limit on slow machines. NAGARE_PROPERTY_SECONDS makes a longer search. A failure prints its seed and path.
 */
import fc from 'fast-check';

const DEFAULT_SECONDS = 4;
const seconds = Number(process.env['NAGARE_PROPERTY_SECONDS'] ?? DEFAULT_SECONDS);

fc.configureGlobal({
  // The usual run is the same every time; a longer search looks elsewhere.
  ...(seconds > DEFAULT_SECONDS ? {} : { seed: 20_261_121 }),
  numRuns: seconds > DEFAULT_SECONDS ? 1_000_000 : 1000,
  interruptAfterTimeLimit: seconds * 1000,
  // Out of time after runs that all held is no failure; out of time before the first run is.
  markInterruptAsFailure: false,
});
