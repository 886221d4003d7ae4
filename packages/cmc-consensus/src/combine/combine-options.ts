import { InvalidArgumentError, nearest } from "@siegert/errors";
import type { CombineMethod, CombineOptions } from "./consensus.ts";

export const COMBINE_METHODS: readonly (CombineMethod | "auto")[] = [
  "auto",
  "consensus",
  "weighted-gaussian",
  "robust",
  "semiparametric",
  "nonparametric",
  "mixture",
  "average",
];

/** Options with their defaults filled in. */
export interface ResolvedCombineOptions {
  readonly dim: number;
  readonly method: CombineMethod | "auto";
  readonly seed: number;
  /** Per chain; undefined: as many as the shards have. */
  readonly draws: number | undefined;
  readonly outlierRate: number;
  readonly bimodalMinWeight: number;
  readonly bimodalMinSeparation: number;
}

/** Fills in defaults. @throws {InvalidArgumentError} for an option that is out of range. */
export function resolveCombineOptions(options: CombineOptions): ResolvedCombineOptions {
  const { method = "auto", seed = 0, draws, outlierRate = 0.01 } = options;
  const { bimodalMinWeight = 0.2, bimodalMinSeparation = 0.5 } = options;
  if (!COMBINE_METHODS.includes(method)) {
    const near = nearest(String(method), COMBINE_METHODS);
    const hint = near ? ` (did you mean ${near}?)` : "";
    throw new InvalidArgumentError("method", `be one of ${COMBINE_METHODS.join(", ")}${hint}`, method);
  }
  if (!Number.isSafeInteger(seed)) throw new InvalidArgumentError("seed", "be a safe integer", seed);
  if (draws !== undefined && !(Number.isSafeInteger(draws) && draws > 0)) {
    throw new InvalidArgumentError("draws", "be a positive integer", draws);
  }
  share("outlierRate", outlierRate, 1);
  share("bimodalMinWeight", bimodalMinWeight, 0.5);
  share("bimodalMinSeparation", bimodalMinSeparation, 1);
  return { dim: options.dim, method, seed, draws, outlierRate, bimodalMinWeight, bimodalMinSeparation };
}

function share(name: string, value: number, below: number): void {
  if (!(value > 0 && (value < below || (value === below && below < 1)))) {
    throw new InvalidArgumentError(name, `be above 0 and ${below < 1 ? "at most" : "below"} ${below}`, value);
  }
}
