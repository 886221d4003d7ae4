import type { LogDensity } from "@siegert/log-density";

/** Data of a shard of `linearModel`. */
export interface LinearShard {
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Powers of the priors of intercept and slope. */
  readonly priorPower: Float64Array;
  /** Milliseconds that an evaluation takes at least, for tests of interruptions. */
  readonly slowMs?: number;
}

/** y ~ N(a + b x, 1), a ~ N(0, 10), b ~ N(0, 10), through sufficient statistics. */
export function linearShard({ x, y, priorPower, slowMs = 0 }: LinearShard): LogDensity {
  let [n, sx, sxx, sy, sxy] = [0, 0, 0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    n++;
    sx += x[i]!;
    sxx += x[i]! * x[i]!;
    sy += y[i]!;
    sxy += x[i]! * y[i]!;
  }
  const [pa, pb] = [priorPower[0]! / 100, priorPower[1]! / 100];
  const evaluate = (position: Float64Array, gradient: Float64Array): number => {
    if (slowMs > 0) for (const end = performance.now() + slowMs; performance.now() < end; );
    const [a, b] = [position[0]!, position[1]!];
    gradient[0] = sy - n * a - sx * b - pa * a;
    gradient[1] = sxy - sx * a - sxx * b - pb * b;
    return a * sy + b * sxy - 0.5 * (n * a * a + 2 * sx * a * b + sxx * b * b + pa * a * a + pb * b * b);
  };
  const unused = new Float64Array(2);
  return { dim: 2, logDensity: (at) => evaluate(at, unused), logDensityAndGradient: evaluate };
}

/** A density that is nowhere finite. */
export function broken(): LogDensity {
  return { dim: 2, logDensity: () => Number.NaN, logDensityAndGradient: () => Number.NaN };
}

/** A density whose every step diverges after the first. */
export function divergent(): LogDensity {
  const value = ([a = 0, b = 0]: Float64Array) => (a * a + b * b < 1e-3 ? 0 : Number.NaN);
  const evaluate = (position: Float64Array, gradient: Float64Array): number => {
    gradient.fill(1);
    return value(position);
  };
  return { dim: 2, logDensity: value, logDensityAndGradient: evaluate };
}

/** A density that never comes back. */
export function endless(): LogDensity {
  const evaluate = (): number => {
    for (;;);
  };
  return { dim: 2, logDensity: evaluate, logDensityAndGradient: evaluate };
}
