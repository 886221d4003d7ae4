/** The modes of one shard's posterior, as joint modes over all its coordinates. */
import { ess } from "@siegert/diagnostics";
import { createRandom, type Random } from "@siegert/random";
import { cholesky } from "./cholesky.ts";
import type { ResolvedCombineOptions } from "./combine-options.ts";
import { drawMoments } from "./draw-moments.ts";
import { bestMixture, type GaussianComponent, type GaussianMixture, logMixture } from "./gaussian-mixture.ts";
import type { PreparedShard } from "./shard-set.ts";
import { valleyDepth } from "./valley-depth.ts";

export interface ShardMode {
  /** The shard with the moments of the draws in this mode. */
  readonly shard: PreparedShard;
  /** Share of the draws. */
  readonly weight: number;
  /** Numbers of the draws in it, over all chains; undefined for all. */
  readonly members: Int32Array | undefined;
  /** Effective number of draws behind the weight; Infinity for a single mode. */
  readonly weightSize: number;
}

type ModeOptions = Pick<ResolvedCombineOptions, "seed" | "bimodalMinWeight" | "bimodalMinSeparation">;

/** Draws that a mixture is fitted to, evenly spaced. */
const FITTED = 1000;

/**
 * Modes of a shard: components of a Gaussian mixture of its draws, those with no valley between them taken together, and those
 * lighter than the least weight added to their nearest. Up to three.
 */
export function shardModes(shard: PreparedShard, options: ModeOptions): readonly ShardMode[] {
  const { dim, posterior } = shard;
  const whole: ShardMode = { shard, weight: 1, members: undefined, weightSize: Infinity };
  const count = posterior.chains * posterior.draws;
  const random = createRandom(options.seed, "modes", shard.shard);
  const mixture = bestMixture(thinnedDraws(shard), dim, 3, random);
  if (mixture.components.length === 1) return [whole];
  const leastWeight = Math.max(options.bimodalMinWeight, (2 * (dim + 3)) / count);
  const groups = groupComponents(mixture.components, options.bimodalMinSeparation, leastWeight);
  const modes = Math.max(...groups) + 1;
  if (modes === 1) return [whole];
  const labels = assign(shard, mixture, groups, modes, random);
  const found: ShardMode[] = [];
  for (let mode = 0; mode < modes; mode++) {
    const members = Int32Array.from(indicesOf(labels, mode));
    const own = modeOf(shard, members);
    if (!own) return [whole];
    const { chains, draws } = posterior;
    const indicator = Float64Array.from(labels, (label) => (label === mode ? 1 : 0));
    const size = ess({ values: indicator, chains, draws }, { method: "mean" });
    found.push({ shard: own, weight: members.length / count, members, weightSize: Number.isNaN(size) ? 1 : size });
  }
  return found;
}

function thinnedDraws({ posterior, dim }: PreparedShard): Float64Array {
  const count = posterior.chains * posterior.draws;
  const kept = Math.min(count, FITTED);
  const values = new Float64Array(kept * dim);
  for (let n = 0; n < kept; n++) {
    const at = Math.floor((n * count) / kept) * dim;
    values.set(posterior.values.subarray(at, at + dim), n * dim);
  }
  return values;
}

/** The mode that each component belongs to, numbered from 0. */
function groupComponents(
  components: readonly GaussianComponent[],
  leastDepth: number,
  leastWeight: number,
): readonly number[] {
  const groups = components.map((_, k) => k);
  const depths = components.map((a) => components.map((b) => (a === b ? 0 : valleyDepth(a, b))));
  const join = (from: number, to: number): void => {
    groups.forEach((group, k) => {
      if (group === from) groups[k] = to;
    });
  };
  for (let a = 0; a < components.length; a++) {
    for (let b = 0; b < a; b++) if (depths[a]![b]! < leastDepth) join(groups[a]!, groups[b]!);
  }
  for (;;) {
    const light = [...new Set(groups)].find((group) => weightOf(group) < leastWeight);
    if (light === undefined || new Set(groups).size === 1) break;
    const [, nearest] = groups
      .flatMap((group, a) => (group === light ? groups.map((other, b) => [depths[a]![b]!, other] as const) : []))
      .filter(([, other]) => other !== light)
      .sort(([x], [y]) => x - y)[0]!;
    join(light, nearest);
  }
  const names = [...new Set(groups)];
  return groups.map((group) => names.indexOf(group));

  function weightOf(group: number): number {
    return components.reduce((sum, { weight }, k) => sum + (groups[k] === group ? weight : 0), 0);
  }
}

/** A mode for every draw, at random with the probabilities that the mixture gives. */
function assign(
  { posterior, dim }: PreparedShard,
  mixture: GaussianMixture,
  groups: readonly number[],
  modes: number,
  random: Random,
): Uint8Array {
  const labels = new Uint8Array(posterior.chains * posterior.draws);
  const logs = new Float64Array(groups.length);
  const shares = new Float64Array(modes);
  for (let n = 0; n < labels.length; n++) {
    const log = logMixture(mixture, posterior.values.subarray(n * dim, (n + 1) * dim), logs);
    shares.fill(0);
    groups.forEach((group, k) => {
      shares[group]! += Math.exp(logs[k]! - log);
    });
    labels[n] = random.categorical(shares);
  }
  return labels;
}

function indicesOf(labels: Uint8Array, mode: number): number[] {
  const indices: number[] = [];
  for (let n = 0; n < labels.length; n++) if (labels[n] === mode) indices.push(n);
  return indices;
}

/** The shard with the moments of some draws; `undefined` when they do not spread in every direction. */
function modeOf(shard: PreparedShard, members: Int32Array): PreparedShard | undefined {
  const { dim, posterior } = shard;
  if (members.length <= dim + 2) return undefined;
  const values = new Float64Array(members.length * dim);
  members.forEach((n, k) => {
    values.set(posterior.values.subarray(n * dim, (n + 1) * dim), k * dim);
  });
  const { mean, covariance } = drawMoments(values, dim);
  const factor = cholesky(covariance, dim);
  if (!factor) return undefined;
  const size = members.length;
  const fourthMoment = dim * (dim + 2);
  return { ...shard, mean, covariance, factor, effectiveSize: size, covarianceSize: size, fourthMoment };
}
