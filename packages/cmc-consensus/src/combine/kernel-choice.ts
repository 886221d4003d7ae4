import type { Random } from "@siegert/random";
import { solveLower } from "./cholesky.ts";
import type { CombineJob } from "./combination.ts";
import { type KernelSpace, type KernelWidth, scaleToKernelSpace, toKernelSpace } from "./kernel-space.ts";
import type { PreparedShard } from "./shard-set.ts";

/**
 * The choice of one draw from every shard, as it moves: the state of algorithm 1 of Neiswanger, Wang & Xing (2014). With x_s the
 * chosen draws in kernel space and x̄ their mean by coordinate, the weight of a choice is
 * exp(−Σ |x_s − x̄|² / 2h²), times N(x̄ | μ, Σ + h² D⁻¹) / Π N(x_s | μ_s, Σ_s) in the semiparametric case.
 */
export class KernelChoice {
  private readonly shards: readonly PreparedShard[];
  private readonly space: KernelSpace;
  private readonly hasGaussian: boolean;
  private readonly random: Random;
  /** Chosen draws relative to their shard's mean, and the shards' means, in kernel space, one after the other. */
  private readonly deviations: Float64Array;
  private readonly centres: Float64Array;
  private readonly starts: Int32Array;
  /** log N(x_s | μ_s, Σ_s) of the chosen draws, without the constant. */
  private readonly logGaussians: Float64Array;
  private readonly sums: Float64Array;
  private readonly proposedSums: Float64Array;
  private readonly candidate: Float64Array;
  private readonly scratch: Float64Array;
  private squares = 0;

  constructor(job: CombineJob, space: KernelSpace, hasGaussian: boolean, random: Random) {
    this.shards = job.set.shards;
    this.space = space;
    this.hasGaussian = hasGaussian;
    this.random = random;
    const { dim } = job.set;
    this.starts = new Int32Array(this.shards.length);
    let length = 0;
    this.shards.forEach((shard, s) => {
      this.starts[s] = length;
      length += shard.dim;
    });
    this.deviations = new Float64Array(length);
    this.centres = new Float64Array(length);
    this.logGaussians = new Float64Array(this.shards.length);
    this.sums = new Float64Array(dim);
    this.proposedSums = new Float64Array(dim);
    this.candidate = new Float64Array(dim);
    this.scratch = new Float64Array(dim);
    this.shards.forEach((shard, s) => {
      const at = this.starts[s]!;
      const centre = shard.mean.slice();
      toKernelSpace(space, shard, centre);
      this.centres.set(centre, at);
      this.logGaussians[s] = this.propose(s);
      this.deviations.set(this.candidate.subarray(0, shard.dim), at);
    });
  }

  /** Proposes a new draw for every shard in turn; gives how many were accepted. */
  sweep(width: KernelWidth): number {
    const { h } = width;
    const shrink = this.hasGaussian ? 1 : Math.sqrt(Math.max(0, 1 - h * h));
    this.sumUp(shrink);
    let current = this.logWeight(this.sums, this.squares, width);
    let accepted = 0;
    for (let s = 0; s < this.shards.length; s++) {
      const shard = this.shards[s]!;
      const at = this.starts[s]!;
      const logGaussian = this.propose(s);
      let squares = this.squares;
      this.proposedSums.set(this.sums);
      for (let i = 0; i < shard.dim; i++) {
        const before = this.centres[at + i]! + shrink * this.deviations[at + i]!;
        const after = this.centres[at + i]! + shrink * this.candidate[i]!;
        squares += after * after - before * before;
        this.proposedSums[shard.coordinates[i]!]! += after - before;
      }
      const proposed = this.logWeight(this.proposedSums, squares, width);
      const gain = proposed - current + (this.hasGaussian ? this.logGaussians[s]! - logGaussian : 0);
      if (gain < 0 && this.random.uniform() >= Math.exp(gain)) continue;
      accepted++;
      current = proposed;
      this.squares = squares;
      this.sums.set(this.proposedSums);
      this.logGaussians[s] = logGaussian;
      for (let i = 0; i < shard.dim; i++) this.deviations[at + i] = this.candidate[i]!;
    }
    return accepted;
  }

  /** Mean of the chosen kernels by coordinate, in kernel space; valid until the next sweep. */
  mean(): Float64Array {
    for (let i = 0; i < this.sums.length; i++) this.scratch[i] = this.sums[i]! / this.space.counts[i]!;
    return this.scratch;
  }

  /** Puts a draw of a shard, relative to its mean, into `candidate`; gives its log density under the shard's Gaussian. */
  private propose(s: number): number {
    const { posterior, mean, factor, dim } = this.shards[s]!;
    const { candidate, scratch } = this;
    const at = this.random.integer(posterior.chains * posterior.draws) * dim;
    for (let i = 0; i < dim; i++) {
      const u = posterior.values[at + i]! - mean[i]!;
      candidate[i] = u;
      scratch[i] = u;
    }
    const squared = this.hasGaussian ? solveLower(factor, dim, scratch) : 0;
    scaleToKernelSpace(this.space, this.shards[s]!, candidate);
    return -squared / 2;
  }

  private sumUp(shrink: number): void {
    this.sums.fill(0);
    this.squares = 0;
    this.shards.forEach((shard, s) => {
      const at = this.starts[s]!;
      for (let i = 0; i < shard.dim; i++) {
        const x = this.centres[at + i]! + shrink * this.deviations[at + i]!;
        this.sums[shard.coordinates[i]!]! += x;
        this.squares += x * x;
      }
    });
  }

  /** The weight but for the shards' own Gaussians. */
  private logWeight(sums: Float64Array, squares: number, { h, marginal }: KernelWidth): number {
    const { counts } = this.space;
    const dim = sums.length;
    let scatter = squares;
    for (let i = 0; i < dim; i++) scatter -= (sums[i]! * sums[i]!) / counts[i]!;
    let log = -scatter / (2 * h * h);
    if (marginal) {
      for (let i = 0; i < dim; i++) this.scratch[i] = sums[i]! / counts[i]!;
      log -= solveLower(marginal, dim, this.scratch) / 2;
    }
    return log;
  }
}
