import { join } from "node:path";

/** What a run will write. */
export interface ResultPlan {
  /** How the posterior is sampled; `undefined`: not at all. */
  readonly sampler: "nuts" | "cmc" | undefined;
  readonly formats: { readonly npz: boolean; readonly html: boolean };
}

/** What consensus Monte Carlo writes. */
const CONSENSUS_FILES = [
  "parameters.json",
  "samples.npz",
  "posterior.nc",
  "diagnostics.json",
  "shard_diagnostics.json",
] as const;

/** Paths of the files that a run may write below its folder, for `checkWritable`. */
export function resultFiles(folder: string, { sampler, formats: { npz, html } }: ResultPlan): string[] {
  const names = [
    "nlsq/parameters.json",
    "nlsq/diagnostics.json",
    ...(npz ? ["nlsq/fitted_data.npz"] : []),
    ...(html ? ["nlsq/report.html", "report.html"] : []),
    ...(sampler === "nuts"
      ? ["summary.json", "diagnostics.json", "samples.npz", "posterior.nc"].map((name) => `nuts/${name}`)
      : []),
    ...(sampler === "cmc" ? CONSENSUS_FILES.map((name) => `cmc/${name}`) : []),
  ];
  return names.map((name) => join(folder, name));
}
