/** When warmup learns what. Iterations count from 0. */
export interface WarmupSchedule {
  readonly warmup: number;
  /** Iterations before the first window; the metric follows each draw. */
  readonly initialBuffer: number;
  /** The iteration after the last one of each window: there the metric is learned anew from the window's draws. */
  readonly windowEnds: readonly number[];
}

/**
 * Windows of doubling length between two buffers, as Stan has them from 150 warmup iterations on: 75, then 25, 50, 100,
 * … (the last window stretched so that it ends 50 before the end). From 20 to 149 iterations the buffers are 15 % and
 * 10 % (but 15 iterations or a third for the step size), and the windows start at a fifth of what is between: short
 * runs learn a metric too. Below 20 only the step size is learned.
 */
export function warmupSchedule(warmup: number): WarmupSchedule {
  if (warmup < 20) return { warmup, initialBuffer: warmup, windowEnds: [] };
  const isShort = warmup < 150;
  const initialBuffer = isShort ? Math.floor(0.15 * warmup) : 75;
  const last = warmup - (isShort ? Math.max(Math.floor(0.1 * warmup), Math.min(15, Math.floor(warmup / 3))) : 50);
  let length = isShort ? Math.max(8, Math.floor((last - initialBuffer) / 5)) : 25;
  const windowEnds: number[] = [];
  let end = initialBuffer;
  while (end < last) {
    end += length;
    length *= 2;
    if (end + length >= last) end = last;
    windowEnds.push(end);
  }
  return { warmup, initialBuffer, windowEnds };
}
