import type { ShardedModel } from "@siegert/cmc-consensus";
import type { LogDensity, ModuleTarget } from "@siegert/log-density";
import { firstFrame } from "../fit/first-frame.ts";
import type { PosteriorSpec } from "../posterior/posterior-spec.ts";
import { SampledCoordinates } from "../posterior/sampled-coordinates.ts";
import { XpcsPosterior } from "../posterior/xpcs-posterior.ts";
import { PairNumbering } from "./pair-numbering.ts";
import { informedCoordinates, restrictSpec } from "./restrict-spec.ts";
import { shardAddress } from "./shard-address.ts";
import type { ShardTask } from "./shard-posterior.ts";

/**
 * The posterior of correlation maps, divided: the points are the pairs of frames that count, the groups are the angles. A
 * shard is built when it is asked for, from the maps, which stay as they are.
 *
 * Contrast and offset of an angle are coordinates of the shards that have pairs of it. On the unconstrained scale the
 * densities of shards that cover the points, with prior powers that add up to 1 for every coordinate, multiply to that of the
 * whole, up to a constant.
 */
export class ShardedMaps implements ShardedModel {
  readonly points: number;
  readonly groupSizes: readonly number[];
  readonly coordinates: readonly string[];
  readonly full?: LogDensity;
  readonly fingerprint: string | undefined;
  readonly #spec: PosteriorSpec;
  readonly #numbering: PairNumbering;

  /**
   * @param spec of which the maps may be left out: then every value is 1, for a shard to be timed.
   * @param isWholeAffordable whether the posterior of all pairs may be evaluated, to check the consensus against it.
   * @param fingerprint a text that changes with data and model, by which a saved run knows them again.
   */
  constructor(spec: PosteriorSpec, isWholeAffordable: boolean, fingerprint?: string) {
    this.#spec = spec;
    this.fingerprint = fingerprint;
    this.#numbering = new PairNumbering(spec.times.length, firstFrame(spec.model, spec.times), spec.phi.length);
    this.points = this.#numbering.points;
    this.groupSizes = spec.phi.map(() => this.#numbering.perAngle);
    this.coordinates = new SampledCoordinates(spec).parameters.map(({ name }) => name);
    if (isWholeAffordable) this.full = wholePosterior(spec, this.coordinates.length);
  }

  /** Of the angles given, by their position. */
  coordinatesOf(groups: readonly number[]): readonly number[] | undefined {
    const kept = informedCoordinates(this.#spec, groups);
    return kept.length === this.coordinates.length ? undefined : kept;
  }

  /**
   * @param points numbers of pairs, ascending.
   * @param priorPower one per coordinate of the shard.
   */
  shard(points: Uint32Array, priorPower: Float64Array): ModuleTarget {
    const { maps, times } = this.#spec;
    const frames = times.length;
    const { first, perAngle } = this.#numbering;
    const [i, j, angle] = [1, 2, 3].map(() => new Int32Array(points.length)) as [Int32Array, Int32Array, Int32Array];
    this.#numbering.locate(points, i, j, angle);
    const angles: number[] = [];
    const own = new Uint32Array(points.length);
    const c2 = new Float64Array(points.length);
    for (let k = 0; k < points.length; k++) {
      const a = angle[k]!;
      if (angles.at(-1) !== a) angles.push(a);
      own[k] = points[k]! - (a - (angles.length - 1)) * perAngle;
      c2[k] = maps[a]?.[i[k]! * frames + j[k]!] ?? 1;
    }
    const task: ShardTask = {
      spec: restrictSpec(this.#spec, angles, priorPower),
      pairs: { first, points: own, c2 },
    };
    return { kind: "module", module: shardAddress(), export: "createShardPosterior", argument: task };
  }
}

/** The posterior of all pairs, made when it is first evaluated: it takes memory of the size of the maps. */
function wholePosterior(spec: PosteriorSpec, dim: number): LogDensity {
  let made: XpcsPosterior | undefined;
  const whole = () => {
    made ??= new XpcsPosterior(spec);
    return made;
  };
  return {
    dim,
    logDensity: (position) => whole().logDensity(position),
    logDensityAndGradient: (position, gradient) => whole().logDensityAndGradient(position, gradient),
  };
}
