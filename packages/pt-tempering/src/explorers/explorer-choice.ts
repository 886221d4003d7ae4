import { InvalidArgumentError } from "@siegert/errors";
import { checkFields } from "../references/known-fields.ts";
import type { ModuleChoice } from "../references/load-module.ts";
import type { PerCoordinate } from "../references/reference-choice.ts";
import type { AutoMalaChoice } from "./auto-mala.ts";
import type { ExploredPath } from "./explored-path.ts";
import type { Explorer } from "./explorer.ts";
import type { GibbsChoice } from "./gibbs.ts";
import type { RandomWalkChoice } from "./random-walk.ts";
import type { SliceChoice } from "./slice.ts";
import type { StretchChoice } from "./stretch.ts";

/** An explorer that moves the state of a path by itself: any function that leaves the path's density invariant. */
export type ExplorerFunction = (path: ExploredPath) => void;

/** Several explorers, one after the other. */
export interface ComposeChoice {
  readonly kind: "compose";
  readonly explorers: readonly ExplorerChoice[];
}

/** One of several explorers at random. */
export interface MixChoice {
  readonly kind: "mix";
  readonly explorers: readonly ExplorerChoice[];
  /** Positive; probabilities are proportional to them. */
  readonly weights: readonly number[];
}

/** An explorer of some of the coordinates. */
export interface PartialChoice {
  readonly kind: "coordinates";
  readonly indices: readonly number[];
  readonly explorer: ExplorerChoice;
}

/** How replicas are moved: settings as plain data, a module that makes an explorer, or an explorer itself. */
export type ExplorerChoice =
  | SliceChoice
  | RandomWalkChoice
  | StretchChoice
  | GibbsChoice
  | AutoMalaChoice
  | ComposeChoice
  | MixChoice
  | PartialChoice
  /** The module's function gives an `Explorer` or an `ExplorerFunction`. */
  | ModuleChoice
  | Explorer
  | ExplorerFunction;

/**
 * Slice sampling, coordinate by coordinate, with doubling: no step size, no gradient; reals, integers and booleans.
 * @param settings.width initial width of the interval, for all coordinates or each. Default 10.
 * @param settings.doublings most doublings. Default 20.
 * @param settings.passes passes over the coordinates in one exploration step. Default 3.
 * @param settings.maxIterations most trials of one update; then the old value stays. Default 1024.
 * @throws {InvalidArgumentError} for numbers that are not positive, and counts that are no integers.
 */
export function slice(settings: Partial<Omit<SliceChoice, "kind">> = {}): SliceChoice {
  checkFields("explorer", settings, ["kind", "width", "doublings", "passes", "maxIterations"]);
  const { width = 10, doublings = 20, passes = 3, maxIterations = 1024 } = settings;
  for (const w of typeof width === "number" ? [width] : width) mustBePositive("explorer.width", w);
  if (!Number.isSafeInteger(doublings) || doublings < 0) {
    throw new InvalidArgumentError("explorer.doublings", "be a non-negative integer", doublings);
  }
  mustBeCount("explorer.passes", passes);
  mustBeCount("explorer.maxIterations", maxIterations);
  const plain: PerCoordinate = typeof width === "number" ? width : Array.from(width);
  return { kind: "slice", width: plain, doublings, passes, maxIterations };
}

/**
 * A Metropolis random walk whose shape and size are tuned per rung between rounds.
 * @param settings.steps proposals in one exploration step. Default: as many as coordinates, at least 5.
 * @param settings.shape "dense" steps follow the learned covariance, "diagonal" ones the standard deviations. Default
 *   "diagonal".
 * @param settings.targetAccept acceptance to aim for, in (0, 1). Default 0.44 in one dimension, falling to 0.234.
 * @throws {InvalidArgumentError} for values out of range.
 */
export function randomWalk(
  settings: { readonly steps?: number; readonly shape?: "diagonal" | "dense"; readonly targetAccept?: number } = {},
): RandomWalkChoice {
  checkFields("explorer", settings, ["kind", "steps", "shape", "targetAccept"]);
  const { steps, shape = "diagonal", targetAccept } = settings;
  mustBeSteps(steps);
  if (shape !== "diagonal" && shape !== "dense") {
    throw new InvalidArgumentError("explorer.shape", 'be "diagonal" or "dense"', shape);
  }
  if (targetAccept !== undefined && !(targetAccept > 0 && targetAccept < 1)) {
    throw new InvalidArgumentError("explorer.targetAccept", "lie in (0, 1)", targetAccept);
  }
  return { kind: "random-walk", steps, shape, targetAccept };
}

/**
 * The affine-invariant stretch move, with companions drawn from the normal law that the rung's states had in the round
 * before.
 * @param settings.steps proposals in one exploration step. Default: twice as many as coordinates, at least 5.
 * @param settings.maxStretch a > 1. Default 2.
 * @throws {InvalidArgumentError} for values out of range.
 */
export function stretch(settings: { readonly steps?: number; readonly maxStretch?: number } = {}): StretchChoice {
  checkFields("explorer", settings, ["kind", "steps", "maxStretch"]);
  const { steps, maxStretch = 2 } = settings;
  mustBeSteps(steps);
  if (!(maxStretch > 1 && maxStretch < Infinity)) {
    throw new InvalidArgumentError("explorer.maxStretch", "be above 1 and finite", maxStretch);
  }
  return { kind: "stretch", steps, maxStretch };
}

/**
 * Gibbs updates of booleans and bounded integers, from all their values.
 * @param settings.passes passes over the coordinates in one exploration step. Default 1.
 * @throws {InvalidArgumentError} unless passes is a positive integer.
 */
export function gibbs(settings: { readonly passes?: number } = {}): GibbsChoice {
  checkFields("explorer", settings, ["kind", "passes"]);
  const { passes = 1 } = settings;
  mustBeCount("explorer.passes", passes);
  return { kind: "gibbs", passes };
}

/**
 * Metropolis-adjusted Langevin steps that choose their size themselves; needs gradients.
 * @param settings.steps steps in one exploration step. Default 3·⌈d^0.35⌉.
 * @throws {InvalidArgumentError} unless steps is a positive integer.
 */
export function autoMala(settings: { readonly steps?: number } = {}): AutoMalaChoice {
  checkFields("explorer", settings, ["kind", "steps"]);
  mustBeSteps(settings.steps);
  return { kind: "auto-mala", steps: settings.steps };
}

/**
 * Several explorers, one after the other in every exploration step.
 * @throws {InvalidArgumentError} when there is none.
 */
export function compose(...explorers: readonly ExplorerChoice[]): ComposeChoice {
  if (explorers.length === 0) throw new InvalidArgumentError("explorers", "have at least one entry", explorers);
  return { kind: "compose", explorers };
}

/**
 * One of several explorers at random in every exploration step.
 * @param weights probabilities are proportional to them. Default: equal.
 * @throws {InvalidArgumentError} unless there is one positive weight per explorer.
 */
export function mix(
  explorers: readonly ExplorerChoice[],
  weights: readonly number[] = explorers.map(() => 1),
): MixChoice {
  if (explorers.length === 0) throw new InvalidArgumentError("explorers", "have at least one entry", explorers);
  if (weights.length !== explorers.length) {
    throw new InvalidArgumentError("weights", `have ${explorers.length} entries, one per explorer`, weights);
  }
  weights.forEach((weight, k) => {
    mustBePositive(`weights[${k}]`, weight);
  });
  return { kind: "mix", explorers, weights: Array.from(weights) };
}

/**
 * An explorer of some of the coordinates, with the others held: together with `compose` the way to move continuous
 * coordinates by gradients and discrete ones by Gibbs updates.
 * @param indices of the coordinates, from 0, none twice.
 * @throws {InvalidArgumentError} when there is none, or one occurs twice.
 */
export function onCoordinates(indices: readonly number[], explorer: ExplorerChoice): PartialChoice {
  const isGood = indices.length > 0 && indices.every((i) => Number.isSafeInteger(i) && i >= 0);
  if (!isGood || new Set(indices).size !== indices.length) {
    throw new InvalidArgumentError("indices", "be coordinates from 0, none twice", indices);
  }
  return { kind: "coordinates", indices: Array.from(indices), explorer };
}

function mustBeSteps(steps: number | undefined): void {
  if (steps !== undefined) mustBeCount("explorer.steps", steps);
}

function mustBeCount(argument: string, value: number): void {
  if (!(Number.isSafeInteger(value) && value > 0)) {
    throw new InvalidArgumentError(argument, "be a positive integer", value);
  }
}

function mustBePositive(argument: string, value: number): void {
  if (!(value > 0 && value < Infinity)) throw new InvalidArgumentError(argument, "be positive and finite", value);
}
