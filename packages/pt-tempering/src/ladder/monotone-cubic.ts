/**
 * Monotone cubic interpolation: the piecewise cubic Hermite function of Fritsch & Carlson (1980), 10.1137/0717021. The
 * slopes at the knots are those of the parabola through three neighbours, shrunk where needed so that the function
 * rises wherever the data do.
 */
export interface MonotoneCubic {
  /** The interpolant; outside the knots, the value at the nearest one. */
  value(x: number): number;
  /** Its derivative; outside the knots, that at the nearest one. */
  slope(x: number): number;
  /** Integral over all knots. */
  readonly integral: number;
}

/** @param x strictly ascending, at least 2. @param y monotone, as many. */
export function monotoneCubic(x: ArrayLike<number>, y: ArrayLike<number>): MonotoneCubic {
  const slopes = knotSlopes(x, y);
  const find = (at: number): number => {
    let low = 0;
    let high = x.length - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (x[middle]! <= at) low = middle;
      else high = middle;
    }
    return low;
  };
  let integral = 0;
  for (let k = 0; k + 1 < x.length; k++) {
    const h = x[k + 1]! - x[k]!;
    integral += (h * (y[k]! + y[k + 1]!)) / 2 + (h * h * (slopes[k]! - slopes[k + 1]!)) / 12;
  }
  return {
    integral,
    value(at) {
      const k = find(at);
      const h = x[k + 1]! - x[k]!;
      const t = Math.min(1, Math.max(0, (at - x[k]!) / h));
      const u = 1 - t;
      // Of the two exact forms, at the ends of the interval the first gives y[k] and y[k + 1] to the last bit.
      return (
        u * u * (1 + 2 * t) * y[k]! +
        t * t * (3 - 2 * t) * y[k + 1]! +
        h * t * u * (u * slopes[k]! - t * slopes[k + 1]!)
      );
    },
    slope(at) {
      const k = find(at);
      const h = x[k + 1]! - x[k]!;
      const t = Math.min(1, Math.max(0, (at - x[k]!) / h));
      const u = 1 - t;
      const secant = (y[k + 1]! - y[k]!) / h;
      return 6 * t * u * secant + u * (1 - 3 * t) * slopes[k]! + t * (3 * t - 2) * slopes[k + 1]!;
    },
  };
}

function knotSlopes(x: ArrayLike<number>, y: ArrayLike<number>): Float64Array {
  const n = x.length;
  const h = Float64Array.from({ length: n - 1 }, (_, k) => x[k + 1]! - x[k]!);
  const secants = Float64Array.from({ length: n - 1 }, (_, k) => (y[k + 1]! - y[k]!) / h[k]!);
  const slopes = new Float64Array(n);
  if (n === 2) return slopes.fill(secants[0]!);
  for (let k = 1; k + 1 < n; k++) {
    const isTurn = secants[k - 1]! * secants[k]! <= 0;
    slopes[k] = isTurn ? 0 : (h[k]! * secants[k - 1]! + h[k - 1]! * secants[k]!) / (h[k - 1]! + h[k]!);
  }
  slopes[0] = endSlope(h[0]!, h[1]!, secants[0]!, secants[1]!);
  slopes[n - 1] = endSlope(h[n - 2]!, h[n - 3]!, secants[n - 2]!, secants[n - 3]!);
  for (let k = 0; k + 1 < n; k++) {
    const secant = secants[k]!;
    if (secant === 0) {
      slopes[k] = 0;
      slopes[k + 1] = 0;
      continue;
    }
    const length = Math.hypot(slopes[k]! / secant, slopes[k + 1]! / secant);
    if (length <= 3) continue;
    slopes[k] = (slopes[k]! * 3) / length;
    slopes[k + 1] = (slopes[k + 1]! * 3) / length;
  }
  return slopes;
}

/** Slope at the first knot of the parabola through the first three; 0 where it would turn against the data. */
function endSlope(h0: number, h1: number, secant0: number, secant1: number): number {
  const slope = ((2 * h0 + h1) * secant0 - h0 * secant1) / (h0 + h1);
  return slope * secant0 <= 0 ? 0 : slope;
}
