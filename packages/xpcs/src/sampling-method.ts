import type { Config } from "./config/config.ts";

/**
 * How a data set is fitted: by least squares; by sampling the posterior from a least-squares start, as a whole (`nuts`) or
 * divided into shards (`cmc`); or `both`: least squares, and of the two ways of sampling the one that
 * `optimization.cmc.enable` asks for.
 */
export type FitMethod = "nlsq" | "nuts" | "cmc" | "both";

/** What is run, and why. */
export interface MethodChoice {
  /** How the posterior is sampled; `undefined`: not at all. */
  readonly sampler: "nuts" | "cmc" | undefined;
  /** Whether the results of least squares are written for their own sake. */
  readonly writesFit: boolean;
  /** Why this sampler, in words. */
  readonly reason: string;
}

/**
 * Settles what a method means for a data set.
 *
 * @param pairs pairs of frames that count.
 */
export function chooseMethod(method: FitMethod, { cmc }: Pick<Config, "cmc">, pairs: number): MethodChoice {
  if (method === "nlsq") return { sampler: undefined, writesFit: true, reason: "least squares was asked for" };
  // Going on after a stop needs the fit that the shards began from, so it is written with the method cmc too.
  if (method !== "both") return { sampler: method, writesFit: method === "cmc", reason: `${method} was asked for` };
  const { enable, minPointsForCmc } = cmc;
  const isLarge = pairs >= minPointsForCmc;
  const sampler = (enable === "auto" ? isLarge : enable) ? "cmc" : "nuts";
  const reason =
    enable !== "auto"
      ? `optimization.cmc.enable is ${enable}`
      : `${inDigits(pairs)} pairs of frames, ${isLarge ? "at least" : "fewer than"} optimization.cmc.min_points_for_cmc, ${inDigits(minPointsForCmc)}`;
  return { sampler, writesFit: true, reason };
}

function inDigits(count: number): string {
  return count.toLocaleString("en-US").replaceAll(",", " ");
}
