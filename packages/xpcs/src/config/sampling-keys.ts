import type { GivenKey, GivenKeys } from "./collect-keys.ts";
import type { YamlSource } from "./yaml-source.ts";

const SECTION = "optimization.cmc";

/** The keys of `optimization.cmc` that sampling the posterior of a data set as a whole uses. */
const SAMPLING_KEYS: ReadonlySet<string> = new Set(
  [
    "seed",
    "per_shard_mcmc.num_warmup",
    "per_shard_mcmc.num_samples",
    "per_shard_mcmc.num_chains",
    "per_shard_mcmc.target_accept_prob",
    "per_shard_mcmc.max_tree_depth",
    "per_shard_mcmc.dense_mass",
  ].map((key) => `${SECTION}.${key}`),
);

const ABSENT = "consensus Monte Carlo is not part of this version";

/** Whether a path is a key of `optimization.cmc` that divides data or combines shards: read, checked, and without effect. */
export function isConsensusOnly(path: string): boolean {
  return path.startsWith(`${SECTION}.`) && !SAMPLING_KEYS.has(path);
}

/** Warns, once per section of the file, about keys that only consensus Monte Carlo would use, and about it as the method. */
export function warnAboutConsensus(source: YamlSource, given: GivenKeys, method: string): void {
  const key = given.get("optimization.method");
  if (method === "cmc" && key !== undefined) {
    source.warn(
      key.position,
      key.written,
      `${ABSENT}: least squares is run, unless the command line asks for another method; nuts samples the posterior`,
    );
  }
  const bySection = new Map<string, GivenKey[]>();
  for (const [path, entry] of given) {
    if (!isConsensusOnly(path) || source.valueOf(entry.node) === null) continue;
    const section = entry.written.slice(0, entry.written.lastIndexOf("."));
    bySection.set(section, [...(bySection.get(section) ?? []), entry]);
  }
  for (const [section, [first, ...others]] of bySection) {
    const names = others.map(({ written }) => written.slice(section.length + 1)).join(", ");
    const rest = others.length === 0 ? "" : ` (nor have ${names})`;
    source.warn(first!.position, first!.written, `has no effect yet${rest}: ${ABSENT}`);
  }
}
