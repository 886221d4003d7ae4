/** Options of a multistart, their checks, and the starts drawn from them. */
import { InvalidArgumentError } from "@siegert/errors";
import { createRandom } from "@siegert/random";
import { type Bounds, boxOf, checkInside } from "./bounds.ts";
import { latinHypercube } from "./latin-hypercube.ts";
import { type Loss, lossOf } from "./loss.ts";
import { type LeastSquaresOptions, namesOf, optionNames, refuseUnknown } from "./options.ts";
import { SearchSpace, type Spacing } from "./search-space.ts";

/** How far a multistart is. */
export interface MultistartEvent {
  /** 'screen': costs of the starts; 'refine': local fits. */
  readonly stage: "screen" | "refine";
  readonly done: number;
  readonly total: number;
  /** Lowest cost so far; Infinity while no start was finite. */
  readonly bestCost: number;
}

/** Where starts are spread, how many are followed, and how each is fitted. */
export interface MultistartOptions extends Omit<LeastSquaresOptions, "onProgress" | "bounds"> {
  /** Bounds of the fits, and the region sampled where `region` does not say otherwise. */
  readonly bounds: Bounds;
  /** Region that starts are drawn from, finite and inside the bounds. Default: the bounds. */
  readonly region?: Bounds | undefined;
  /** Spread of the starts: for all parameters or per parameter. Default 'linear'. */
  readonly spacing?: Spacing | readonly Spacing[] | undefined;
  /** Points of the Latin hypercube. Default 20 per parameter. */
  readonly starts?: number | undefined;
  /** Further starts, refined whatever their cost: an earlier estimate, for instance. */
  readonly include?: readonly ArrayLike<number>[] | undefined;
  /** Whether the starts are ranked by cost and only the best refined (default), or all refined. */
  readonly screen?: boolean | undefined;
  /** Starts to refine after screening. Default: a tenth of the starts, at least 5. */
  readonly refine?: number | undefined;
  /** Seed of the stream that the hypercube is drawn from. Default 0. */
  readonly seed?: number | bigint | undefined;
  /** Largest difference, as a fraction of the region in every parameter, of two fits that count as one. Default 1e-3. */
  readonly distinct?: number | undefined;
  readonly onProgress?: ((event: MultistartEvent) => void) | undefined;
}

/** What a multistart does, checked. */
export interface Plan {
  readonly n: number;
  readonly space: SearchSpace;
  readonly points: readonly Float64Array[];
  readonly included: readonly Float64Array[];
  readonly screen: boolean;
  readonly refine: number;
  readonly distinct: number;
  readonly loss: Loss;
  readonly fit: LeastSquaresOptions;
}

const ownNames = ["region", "spacing", "starts", "include", "screen", "refine", "seed", "distinct"] as const;

/** @throws {InvalidArgumentError} naming the option that is out of range. */
export function planOf(options: MultistartOptions): Plan {
  refuseUnknown(options, [...optionNames, ...ownNames]);
  const { region, spacing = "linear", include = [], screen = true, seed = 0, distinct = 1e-3, ...rest } = options;
  const { starts: _starts, refine: _refine, onProgress: _onProgress, ...fit } = rest;
  const n = dimensionOf(options);
  const names = namesOf(options.parameterNames, n);
  const box = boxOf(options.bounds, n, names);
  const space = new SearchSpace(region ? "region" : "bounds", region ?? options.bounds, n, spacing, names);
  checkInside("region.lower", space.box.lower, box, names);
  checkInside("region.upper", space.box.upper, box, names);
  const included = include.map((start, i) => {
    const x = Float64Array.from(start);
    if (x.length !== n) throw new InvalidArgumentError(`include[${i}]`, `have one entry per parameter, ${n}`, start);
    checkInside(`include[${i}]`, x, box, names);
    return x;
  });
  const starts = positiveInteger("starts", options.starts ?? 20 * n);
  const refine = positiveInteger("refine", options.refine ?? Math.min(starts, Math.max(5, Math.ceil(starts / 10))));
  if (!(distinct >= 0 && distinct < 1)) throw new InvalidArgumentError("distinct", "be in [0, 1)", distinct);
  const unit = latinHypercube(createRandom(seed, "multistart"), starts, n);
  const points = Array.from({ length: starts }, (_, i) => space.pointAt(unit.slice(i * n, (i + 1) * n)));
  const loss = lossOf(options.loss ?? "linear", options.fScale ?? 1);
  return { n, space, points, included, screen, refine, distinct, loss, fit };
}

function positiveInteger(argument: string, value: number): number {
  if (Number.isInteger(value) && value >= 1) return value;
  throw new InvalidArgumentError(argument, "be a positive integer", value);
}

function dimensionOf(options: MultistartOptions): number {
  const given = [options.bounds.lower, options.bounds.upper, options.region?.lower, options.region?.upper];
  const side = given.find((value) => value !== undefined && typeof value !== "number");
  const n = (typeof side === "number" ? undefined : side?.length) ?? options.parameterNames?.length;
  if (n === undefined || n === 0) {
    throw new InvalidArgumentError("bounds", "have one entry per parameter on at least one side", options.bounds);
  }
  return n;
}
