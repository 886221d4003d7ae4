/** What the times of a file tell. */
export interface TimeReport {
  /** Time between frames, s; `undefined` when the times are not evenly spaced. */
  readonly dt: number | undefined;
  /** Why they tell no time between frames. */
  readonly problem: string | undefined;
}

/** Deviation from even spacing that rounding explains, in steps. */
const EVEN = 1e-6;

/** Looks at the times of the frames, s; shape (N), N ≥ 2. */
export function judgeTimes(times: Float64Array): TimeReport {
  const last = times.length - 1;
  const step = (times[last]! - times[0]!) / last;
  let least = Infinity;
  let most = -Infinity;
  let isEven = true;
  for (let i = 1; i <= last; i++) {
    const between = times[i]! - times[i - 1]!;
    if (!Number.isFinite(between)) {
      return { dt: undefined, problem: `the file's times are not all finite numbers (frame ${i} or ${i + 1})` };
    }
    if (!(between > 0)) {
      return {
        dt: undefined,
        problem: `the file's times do not increase: ${times[i - 1]} s is followed by ${times[i]} s (frames ${i} and ${i + 1})`,
      };
    }
    least = Math.min(least, between);
    most = Math.max(most, between);
    if (!(Math.abs(times[i]! - times[0]! - i * step) <= EVEN * step)) isEven = false;
  }
  if (isEven) return { dt: step, problem: undefined };
  const range = `${Number(least.toPrecision(6))} to ${Number(most.toPrecision(6))} s`;
  return { dt: undefined, problem: `the file's times are not evenly spaced: frames are ${range} apart` };
}
