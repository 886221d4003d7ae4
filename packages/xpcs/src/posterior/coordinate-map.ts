import { InvalidArgumentError } from "@siegert/errors";
import { normalCdf, normalQuantile } from "./normal-law.ts";

/**
 * How one sampled quantity x lies on the real line of its coordinate u:
 * - `interval`: x = lower + (upper − lower)·σ(u);
 * - `log-interval`: the same for ln x, for positive quantities that range over decades;
 * - `real`: x = u;
 * - `score`: u is the normal score of x under a normal prior cut off at the bounds, Φ(u) = P(X < x): on the real line the
 *   prior is N(0, 1), and to the power 1/K it is N(0, K).
 */
export type CoordinateMap =
  | { readonly kind: "interval" | "log-interval" | "real"; readonly lower: number; readonly upper: number }
  | ScoreMap;

/** `mean` and `sd` are those of the prior before it is cut off; an infinite sd makes it uniform. */
export interface ScoreMap {
  readonly kind: "score";
  readonly lower: number;
  readonly upper: number;
  readonly mean: number;
  readonly sd: number;
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
export function mapCoordinate(map: CoordinateMap, u: number, out: Float64Array): void {
  const { kind, lower, upper } = map;
  if (kind === "score") {
    mapScore(map, u, out);
    return;
  }
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
export function coordinateOf(map: CoordinateMap, x: number, name: string): number {
  const { kind, lower, upper } = map;
  if (kind === "real") {
    if (!Number.isFinite(x)) throw new InvalidArgumentError(name, "be finite", x);
    return x;
  }
  if (!(x > lower && x < upper)) throw new InvalidArgumentError(name, `lie strictly between ${lower} and ${upper}`, x);
  if (kind === "score") return scoreOf(map, x);
  return kind === "interval"
    ? Math.log(x - lower) - Math.log(upper - x)
    : Math.log(Math.log(x / lower)) - Math.log(Math.log(upper / x));
}

const LOG_ROOT = 0.5 * Math.log(2 * Math.PI);

/**
 * Each half from its own tail, so that the distance to the nearer bound keeps its digits. With z = (x − mean)/sd and w the
 * prior's share within the bounds, Φ(z) = Φ(z at lower) + w Φ(u), and the same from above.
 */
function mapScore({ lower, upper, mean, sd }: ScoreMap, u: number, out: Float64Array): void {
  const side = u < 0 ? 1 : -1;
  const tail = normalCdf(-Math.abs(u));
  const logDensity = -0.5 * u * u - LOG_ROOT;
  if (sd === Infinity) {
    const width = upper - lower;
    out[VALUE] = (u < 0 ? lower : upper) + side * width * tail;
    out[LOG_SLOPE] = Math.log(width) + logDensity;
    out[LOG_SLOPE_SLOPE] = -u;
    out[SLOPE] = Math.exp(out[LOG_SLOPE]!);
    return;
  }
  const [a, b] = [(lower - mean) / sd, (upper - mean) / sd];
  // Mirrored, what is said of the lower end holds for the upper one.
  const [near, far] = u < 0 ? [a, b] : [-b, -a];
  const share = normalShare(near, far);
  const z = atProbability(near, far, share * tail);
  const logSlope = Math.log(share) + logDensity + 0.5 * z * z + LOG_ROOT;
  out[VALUE] = Math.min(Math.max(mean + sd * side * z, lower), upper);
  out[LOG_SLOPE] = Math.log(sd) + logSlope;
  out[SLOPE] = Math.exp(out[LOG_SLOPE]!);
  out[LOG_SLOPE_SLOPE] = -u + side * z * Math.exp(logSlope);
}

function scoreOf({ lower, upper, mean, sd }: ScoreMap, x: number): number {
  const isLow = sd === Infinity ? x - lower < upper - x : isBelowMedian(x, lower, upper, mean, sd);
  const side = isLow ? 1 : -1;
  const distance = isLow ? x - lower : upper - x;
  if (sd === Infinity) return side * normalQuantile(distance / (upper - lower));
  const [a, b, z] = [(lower - mean) / sd, (upper - mean) / sd, (x - mean) / sd];
  const share = normalShare(a, b);
  return side * normalQuantile(Math.min(0.5, (isLow ? normalShare(a, z) : normalShare(z, b)) / share));
}

function isBelowMedian(x: number, lower: number, upper: number, mean: number, sd: number): boolean {
  const z = (x - mean) / sd;
  return normalShare((lower - mean) / sd, z) < normalShare(z, (upper - mean) / sd);
}

/** Φ(b) − Φ(a) for a < b, from the tail where both are small. */
function normalShare(a: number, b: number): number {
  return a > 0 ? normalCdf(-a) - normalCdf(-b) : normalCdf(b) - normalCdf(a);
}

/** The z above `near` with Φ(z) − Φ(near) = p. @param far the other end, which z does not pass. */
function atProbability(near: number, far: number, p: number): number {
  if (near > 0) return Math.min(far, -normalQuantile(normalCdf(-near) - p));
  const below = normalCdf(near) + p;
  return Math.min(far, below <= 0.5 ? normalQuantile(below) : -normalQuantile(1 - below));
}
