import { nearest } from "@siegert/errors";
import type { ConfigPrior, PriorType } from "./config.ts";
import type { ParameterSetting, PriorSetting } from "./settings.ts";
import type { YamlSource } from "./yaml-source.ts";

const TYPES: readonly PriorType[] = [
  "TruncatedNormal",
  "Normal",
  "Uniform",
  "LogNormal",
  "HalfNormal",
  "BetaScaled",
  "Exponential",
];

/** Settles a prior: the family by its name in any spelling of case and underscores, a positive standard deviation. */
export function resolvePrior(
  source: YamlSource,
  { position, path }: ParameterSetting,
  prior: PriorSetting,
  fallback: ConfigPrior,
): ConfigPrior {
  const plain = (word: string): string => word.toLowerCase().replace(/[_-]/g, "");
  const type = prior.type === undefined ? fallback.type : TYPES.find((name) => plain(name) === plain(prior.type!));
  if (type === undefined) {
    const near = nearest(prior.type!, TYPES);
    const hint = near === undefined ? "" : `, did you mean ${near}?`;
    source.complain(position, path, `the prior must be one of ${TYPES.join(", ")}; received ${prior.type}${hint}`);
  }
  if (prior.sd !== undefined && !(prior.sd > 0 && prior.sd < Infinity)) {
    source.complain(position, path, `the standard deviation of the prior must be positive; received ${prior.sd}`);
  }
  return {
    type: type ?? fallback.type,
    mean: prior.mean ?? fallback.mean,
    sd: prior.sd ?? fallback.sd,
    shape: prior.shape ?? fallback.shape,
  };
}
