import type { AnalysisMode, FractionLimit, ShearConvention } from "@siegert/physics-core";
import type { DiagonalMethod } from "../data/diagonal-correction.ts";
import type { RangeSetting } from "./angle-readers.ts";
import type { CmcConfig, LeastSquaresConfig } from "./config.ts";
import type { SourcePosition } from "./config-error.ts";
import type { Located } from "./value-readers.ts";

/** A value under a name, with its place. */
export type NamedValue<Value> = Located<Value> & { readonly name: string };

/** Prior of a parameter as a file states it. */
export interface PriorSetting {
  readonly type?: string | undefined;
  readonly mean?: number | undefined;
  readonly sd?: number | undefined;
  /** Parameters of the distribution that mean and sd do not cover. */
  readonly shape?: Readonly<Record<string, number>> | undefined;
}

/** What a file states about one parameter. */
export interface ParameterSetting {
  readonly name: string;
  readonly position: SourcePosition;
  /** Dotted path of the entry. */
  readonly path: string;
  readonly value?: Located<number> | undefined;
  readonly min?: Located<number> | undefined;
  readonly max?: Located<number> | undefined;
  readonly isVaried?: boolean | undefined;
  readonly prior: PriorSetting;
}

/** The keys of a configuration, read one by one; nothing is checked across keys yet. */
export interface Settings {
  readonly analysisMode: AnalysisMode | null;
  readonly shearConvention: ShearConvention;
  readonly fractionLimit: FractionLimit;
  readonly analyzerParameters: {
    readonly dt: number;
    readonly startFrame: number;
    readonly endFrame: number;
    readonly scattering: {
      readonly wavevectorQ: number;
      readonly qTolerance: number;
      readonly qBinTolerance: number;
    };
    readonly geometry: { readonly statorRotorGap: number };
  };
  readonly temporal: { readonly tStart: number | null; readonly timeLength: number | null };
  readonly experimentalData: {
    readonly filePath: string | null;
    readonly dataFolderPath: string | null;
    readonly dataFileName: string | null;
    readonly phiAnglesPath: string | null;
    readonly phiAnglesFile: string | null;
  };
  readonly phiAngles: readonly Located<number>[] | null;
  readonly phiFiltering: {
    readonly enabled: boolean;
    readonly targetRanges: readonly RangeSetting[] | null;
    readonly fallbackToAllAngles: boolean;
    readonly tolerance: number;
    readonly qualityControl: { readonly minAnglesRequired: number; readonly validateCoverage: boolean };
  };
  readonly initialParameters: {
    readonly parameterNames: readonly Located<string>[] | null;
    readonly values: readonly Located<number | null>[] | null;
    readonly activeParameters: readonly Located<string>[] | null;
    readonly fixedParameters: readonly NamedValue<number>[] | null;
    readonly tiedParameters: readonly NamedValue<string>[] | null;
    readonly perAngleScaling: {
      readonly contrast: readonly Located<number>[] | null;
      readonly offset: readonly Located<number>[] | null;
    };
  };
  readonly parameterSpace: {
    readonly model: AnalysisMode | null;
    readonly bounds: readonly ParameterSetting[] | null;
    readonly priors: readonly ParameterSetting[] | null;
  };
  readonly parameters: readonly ParameterSetting[] | null;
  readonly diagonalCorrection: { readonly method: DiagonalMethod; readonly windowSize: number };
  readonly noise: { readonly sigma: number | null };
  readonly simulation: { readonly noise: number; readonly seed: number };
  readonly optimization: {
    readonly method: "nlsq" | "nuts" | "both" | "cmc";
    readonly nlsq: LeastSquaresConfig;
    readonly cmc: CmcConfig;
  };
  readonly output: {
    readonly directory: string;
    readonly formats: { readonly npz: boolean; readonly html: boolean };
  };
}
