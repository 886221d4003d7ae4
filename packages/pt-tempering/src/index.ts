export type { Evidence, LegEvidence } from "./evidence/evidence.ts";
export type { Estimate } from "./evidence/thermodynamic.ts";
export { type CommunicationBarrier, communicationBarrier, equaliseLadder } from "./ladder/barrier.ts";
export type { MeasuredLadder } from "./ladder/tune-ladder.ts";
export { idealRoundTripRate } from "./ledger/index-process.ts";
export type { ThreadChoice } from "./run/crews.ts";
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
