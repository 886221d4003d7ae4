import { join } from "node:path";

/** What a run will write. */
export interface ResultPlan {
  /** Whether the posterior is sampled. */
  readonly isSampled: boolean;
  readonly formats: { readonly npz: boolean; readonly html: boolean };
}

/** Paths of the files that a run may write below its folder, for `checkWritable`. */
export function resultFiles(folder: string, { isSampled, formats: { npz, html } }: ResultPlan): string[] {
  const names = [
    "nlsq/parameters.json",
    "nlsq/diagnostics.json",
    ...(npz ? ["nlsq/fitted_data.npz"] : []),
    ...(html ? ["nlsq/report.html", "report.html"] : []),
    ...(isSampled
      ? ["summary.json", "diagnostics.json", "samples.npz", "posterior.nc"].map((name) => `nuts/${name}`)
      : []),
  ];
  return names.map((name) => join(folder, name));
}
