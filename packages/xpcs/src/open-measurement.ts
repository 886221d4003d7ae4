import { createModel, type Experiment } from "@siegert/physics-core";
import type { Config } from "./config/config.ts";
import { describeProblem } from "./config/config-error.ts";
import { correlationSelection, settleDt } from "./config/correlation-selection.ts";
import { readAngles, resolveDataFile } from "./config/data-files.ts";
import { checkScalingLengths } from "./config/scaling-lengths.ts";
import type { DataSource } from "./data/data-source.ts";
import { type SelectedCorrelations, selectCorrelations } from "./data/load-correlations.ts";
import { openDataSource } from "./data/open-data-source.ts";
import { firstFrame } from "./fit/first-frame.ts";
import { frameTimes } from "./simulate.ts";

/** Where the data of a run come from, when not from where the configuration says. */
export interface MeasurementOptions {
  /** Data file, instead of the configuration's. */
  readonly dataPath?: string | undefined;
  /** Take the maps nearest to these angles, degrees, instead of the configuration's filter. */
  readonly phi?: readonly number[] | undefined;
}

/** The measurement that a configuration speaks of; no map is read yet. */
export interface Measurement {
  readonly path: string;
  readonly source: DataSource;
  readonly selection: SelectedCorrelations;
  /** With the time between frames settled. */
  readonly config: Config;
  readonly experiment: Experiment;
  /** Pairs of frames that count. */
  readonly pairs: number;
  /** What reading the configuration and the data has had to say so far. */
  warnings(): string[];
}

/**
 * Opens the data of a configuration and chooses maps. The source is to be closed by the caller.
 *
 * @throws {ConfigError} | {DataError} for input that cannot be used.
 */
export async function openMeasurement(config: Config, { dataPath, phi }: MeasurementOptions): Promise<Measurement> {
  const path = dataPath ?? (await resolveDataFile(config));
  const source = await openDataSource(path);
  try {
    const selection = selectCorrelations(source, correlationSelection(config, await readAngles(config), phi));
    checkScalingLengths(config, selection.phi.length);
    const interval = settleDt(config, source.dt, source.timesProblem);
    const settled = { ...config, dt: interval.dt };
    const times = frameTimes(settled, selection.frames);
    const counted = selection.frames - firstFrame(createModel({ mode: config.mode }), times);
    return {
      path,
      source,
      selection,
      config: settled,
      experiment: { q: selection.q, gap: config.gap, phi: selection.phi, times },
      pairs: (selection.phi.length * counted * (counted - 1)) / 2,
      warnings: () => [
        ...config.warnings.map((warning) => describeProblem(config.path, warning)),
        ...(interval.warning === undefined ? [] : [interval.warning]),
        ...selection.warnings,
      ],
    };
  } catch (error) {
    await source.close();
    throw error;
  }
}
