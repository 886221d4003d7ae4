import { InvalidArgumentError } from "@siegert/errors";

/**
 * How one sampled quantity x lies on the real line of its coordinate u:
 * - `interval`: x = lower + (upper − lower)·σ(u);
 * - `log-interval`: the same for ln x, for positive quantities that range over decades;
 * - `real`: x = u.
 */
export interface CoordinateMap {
  readonly kind: "interval" | "log-interval" | "real";
  readonly lower: number;
  readonly upper: number;
}

/** Position of the results of {@link mapCoordinate}. */
export const VALUE = 0;
/** dx/du. */
export const SLOPE = 1;
/** ln |dx/du|. */
export const LOG_SLOPE = 2;
/** d ln |dx/du| / du. */
export const LOG_SLOPE_SLOPE = 3;

/** Writes x, dx/du, ln|dx/du| and its derivative to `out`, length 4. */
export function mapCoordinate({ kind, lower, upper }: CoordinateMap, u: number, out: Float64Array): void {
  if (kind === "real") {
    out[VALUE] = u;
    out[SLOPE] = 1;
    out[LOG_SLOPE] = 0;
    out[LOG_SLOPE_SLOPE] = 0;
    return;
  }
  const isLog = kind === "log-interval";
  const from = isLog ? Math.log(lower) : lower;
  const to = isLog ? Math.log(upper) : upper;
  // From the nearer end, so that the distance to it keeps its digits.
  const e = Math.exp(-Math.abs(u));
  const small = e / (1 + e);
  const y = u < 0 ? from + (to - from) * small : to - (to - from) * small;
  const share = u < 0 ? small : 1 - small;
  const logSlope = Math.log(to - from) - Math.abs(u) - 2 * Math.log1p(e);
  const slope = Math.exp(logSlope);
  const x = isLog ? Math.exp(y) : y;
  out[VALUE] = x;
  out[SLOPE] = isLog ? slope * x : slope;
  out[LOG_SLOPE] = isLog ? logSlope + y : logSlope;
  out[LOG_SLOPE_SLOPE] = 1 - 2 * share + (isLog ? slope : 0);
}

/**
 * The coordinate of a value.
 *
 * @throws {InvalidArgumentError} unless the value lies strictly within its bounds.
 */
export function coordinateOf({ kind, lower, upper }: CoordinateMap, x: number, name: string): number {
  if (kind === "real") {
    if (!Number.isFinite(x)) throw new InvalidArgumentError(name, "be finite", x);
    return x;
  }
  if (!(x > lower && x < upper)) throw new InvalidArgumentError(name, `lie strictly between ${lower} and ${upper}`, x);
  return kind === "interval"
    ? Math.log(x - lower) - Math.log(upper - x)
    : Math.log(Math.log(x / lower)) - Math.log(Math.log(upper / x));
}
