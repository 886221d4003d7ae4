/** Timing as medians of many samples, and comparisons whose two sides alternate, so that a drifting machine cancels. */

const SAMPLE_MS = 20;

/** Milliseconds per call: samples of at least 20 ms each. */
export function sample(body: () => void, calls: number): number {
  const begin = performance.now();
  for (let k = 0; k < calls; k++) body();
  return (performance.now() - begin) / calls;
}

/** Calls that fill one sample, found after a warm-up that lets the compiler settle. */
export function callsPerSample(body: () => void, warmupMs = 150): number {
  const begin = performance.now();
  let calls = 0;
  do {
    body();
    calls++;
  } while (performance.now() - begin < warmupMs);
  const perCall = (performance.now() - begin) / calls;
  return Math.max(1, Math.ceil(SAMPLE_MS / perCall));
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : 0.5 * (sorted[middle - 1]! + sorted[middle]!);
}

/** Median milliseconds per call. */
export function medianMs(body: () => void, samples = 15): number {
  const calls = callsPerSample(body);
  return median(Array.from({ length: samples }, () => sample(body, calls)));
}

/** Two bodies measured in turn; `ratio` is the median of the pairwise ratios baseline / subject. */
export function compare(
  subject: () => void,
  baseline: () => void,
  samples = 15,
): { subjectMs: number; baselineMs: number; ratio: number } {
  const [subjectCalls, baselineCalls] = [callsPerSample(subject), callsPerSample(baseline)];
  const rounds = Array.from(
    { length: samples },
    () => [sample(subject, subjectCalls), sample(baseline, baselineCalls)] as const,
  );
  return {
    subjectMs: median(rounds.map(([a]) => a)),
    baselineMs: median(rounds.map(([, b]) => b)),
    ratio: median(rounds.map(([a, b]) => b / a)),
  };
}
