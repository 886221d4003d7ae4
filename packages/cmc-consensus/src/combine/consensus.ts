/** How shards can be combined, see the README for when to use which. */
export type CombineMethod =
  | "consensus"
  | "weighted-gaussian"
  | "robust"
  | "semiparametric"
  | "nonparametric"
  | "mixture"
  | "average";

export interface CombineOptions {
  /** Coordinates of the full posterior. */
  readonly dim: number;
  /** Their names, for messages. */
  readonly names?: readonly string[];
  /** Default `auto`: chosen by how Gaussian the shards are, their modes, and whether they agree. */
  readonly method?: CombineMethod | "auto";
  /** Seed of the methods that draw at random. Default 0. */
  readonly seed?: number;
  /** Draws per chain. Default: the fewest that a shard has, of which methods that keep draws can only take fewer. */
  readonly draws?: number;
  /** For `robust`: probability that a run in which all shards agree leaves any out, in (0, 1). Default 0.01. */
  readonly outlierRate?: number;
  /** For `mixture` and `auto`: weight in a shard from which a second mode counts, in (0, 0.5]. Default 0.2. */
  readonly bimodalMinWeight?: number;
  /**
   * For `mixture` and `auto`: depth of the valley between two modes from which they count as two, as a share of the lower
   * one's density, in (0, 1). Default 0.5.
   */
  readonly bimodalMinSeparation?: number;
}

/** A shard that was left out, and why. */
export interface ExcludedShard {
  readonly shard: number;
  readonly points: number;
  /** Squared Mahalanobis distance of its mean from the mean of the others, over its expected covariance. */
  readonly distance: number;
  /** Probability of such a distance when the shard agrees with the others. */
  readonly pValue: number;
  /** Coordinate in which it is farthest, and how many standard deviations. */
  readonly coordinate: number;
  readonly deviation: number;
  /** All of this in words. */
  readonly reason: string;
}

/** One mode of the full posterior, a joint one over all coordinates. */
export interface JointMode {
  /** Share of the posterior. */
  readonly weight: number;
  readonly mean: Float64Array;
  /** Row-major (dim, dim). */
  readonly covariance: Float64Array;
  /** Logarithm of the evidence of the product of the shards' Gaussians in this mode, up to a constant. */
  readonly logEvidence: number;
  /**
   * Standard error of the logarithm of the weight relative to the heaviest mode, from how often the shards' chains changed
   * modes; 0 for the heaviest.
   */
  readonly logWeightError: number;
  /** Shards whose draws are all far from this mode. */
  readonly absentFrom: readonly number[];
}

/** Something about the combination that its user should know. */
export interface CombineWarning {
  readonly code:
    | "data-lost"
    | "kept-outlier"
    | "overdispersed"
    | "few-draws"
    | "gaussian-tails"
    | "comparison-only"
    | "low-acceptance"
    | "chains-disagree"
    | "mode-missing"
    | "mode-weights";
  readonly message: string;
}

/** Draws from the product of the shards' posteriors, on the unconstrained scale. */
export interface Consensus {
  readonly method: CombineMethod;
  /** Why this method: that it was asked for, or what `auto` saw. */
  readonly reason: string;
  readonly dim: number;
  readonly chains: number;
  /** Draws per chain. */
  readonly draws: number;
  /** Row-major (chain, draw, coordinate). */
  readonly values: Float64Array;
  /** Mean of the draws. */
  readonly mean: Float64Array;
  /** Covariance of the draws, row-major. */
  readonly covariance: Float64Array;
  /** The product of the Gaussians with the shards' means and covariances. */
  readonly gaussian: { readonly mean: Float64Array; readonly covariance: Float64Array };
  /**
   * Standard error of the mean of every coordinate from finitely many draws: Monte Carlo error of the shards' means and of
   * the weights. For the methods that weigh draws by precision; for others that of `consensus`.
   */
  readonly meanError: Float64Array;
  /** Numbers of the shards that were used. */
  readonly shards: readonly number[];
  readonly excluded: readonly ExcludedShard[];
  /** Share of the data points that are in the shards that were left out. */
  readonly dataLost: number;
  /** For `robust`: share of the draws that were drawn in. */
  readonly winsorised?: number;
  /** For `mixture`: the modes, heaviest first. */
  readonly modes?: readonly JointMode[];
  /** For the density products: share of accepted moves, and R-hat of the chains (the largest of any coordinate). */
  readonly acceptance?: number;
  readonly rhat?: number;
  readonly warnings: readonly CombineWarning[];
}
