export type { Evidence, LegEvidence } from "./evidence/evidence.ts";
export type { Estimate } from "./evidence/thermodynamic.ts";
export type { AutoMalaChoice } from "./explorers/auto-mala.ts";
export { type ContinuousOptions, continuousReplicas } from "./explorers/continuous-replicas.ts";
export type { ExploredPath } from "./explorers/explored-path.ts";
export type { Explorer, ExplorerContext, ExplorerKernel, PortableExplorer } from "./explorers/explorer.ts";
export {
  autoMala,
  type ComposeChoice,
  compose,
  type ExplorerChoice,
  type ExplorerFunction,
  gibbs,
  type MixChoice,
  mix,
  onCoordinates,
  type PartialChoice,
  randomWalk,
  slice,
  stretch,
} from "./explorers/explorer-choice.ts";
export type { GibbsChoice } from "./explorers/gibbs.ts";
export { portableReplicas } from "./explorers/portable-replicas.ts";
export type { RandomWalkChoice } from "./explorers/random-walk.ts";
export type { RungShape, RungShapes } from "./explorers/rung-shapes.ts";
export type { SliceChoice } from "./explorers/slice.ts";
export type { StretchChoice } from "./explorers/stretch.ts";
export { type CommunicationBarrier, communicationBarrier, equaliseLadder } from "./ladder/barrier.ts";
export type { MeasuredLadder } from "./ladder/tune-ladder.ts";
export { idealRoundTripRate } from "./ledger/index-process.ts";
export type { CoordinateKind } from "./references/coordinate-kind.ts";
export type { CoordinateLaw } from "./references/coordinate-law.ts";
export type { ModuleChoice } from "./references/load-module.ts";
export type { Reference } from "./references/reference.ts";
export {
  type FittedReferenceChoice,
  type FixedReferenceChoice,
  fittedNormalReference,
  independentReference,
  normalReference,
  type PerCoordinate,
  type ReferenceChoice,
  uniformReference,
} from "./references/reference-choice.ts";
export type { ThreadChoice } from "./run/crews.ts";
export { type FormatOptions, formatRounds, type RoundRow, roundRows } from "./run/format-rounds.ts";
export type { TemperedProblem } from "./run/instantiate-problem.ts";
export type { Highest } from "./run/optimum.ts";
export type {
  DrawOptions,
  TemperedBlock,
  TemperedSink,
  TemperingExecutor,
  TemperingOptions,
  TemperingRuntime,
} from "./run/options.ts";
export type { TemperingProgress } from "./run/progress.ts";
export type { PairSummary, RoundSummary, RungSummary } from "./run/round-summary.ts";
export { resumeTempering, temper } from "./run/temper.ts";
export type { IndexTrace, TemperedDraws, TemperingRun } from "./run/tempering-run.ts";
export type { ChainProbe, RunSettings, TemperingState } from "./run/tempering-state.ts";
export type { Verdict } from "./run/verdicts.ts";
export { TemperingError, type TemperingErrorFields } from "./tempering-error.ts";
