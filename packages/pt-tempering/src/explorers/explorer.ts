import type { FinishedRound } from "@siegert/log-density";
import type { CoordinateKind } from "../references/coordinate-kind.ts";
import type { ModuleChoice } from "../references/load-module.ts";
import type { ExploredPath } from "./explored-path.ts";
import type { RungShapes } from "./rung-shapes.ts";

/** What an explorer is made for. */
export interface ExplorerContext {
  readonly dim: number;
  readonly kinds: readonly CoordinateKind[];
  readonly legs: number;
  /** Where the rungs' densities lie and how wide they are, learned between rounds. */
  readonly shapes: RungShapes;
}

/** Moves the replicas of one group. It holds buffers and what it learned, but nothing of any replica. */
export interface ExplorerKernel {
  /** Names of the columns that `explore` adds to, one sum per chain. Default none. */
  readonly tallies?: readonly string[];
  /**
   * One step that leaves the path's density invariant. Adds to `tallies[at + k]` for column k; a column called
   * "acceptance" is to get the mean acceptance probability of the step.
   */
  explore(path: ExploredPath, tallies: Float64Array, at: number): void;
  /**
   * Learns from a finished round, from nothing but what it is given, so that all groups learn the same.
   * @param at column of the kernel's first tally in `round.tallies`, which has `width` columns.
   */
  tune?(round: FinishedRound, at: number, width: number): void;
  /** What was learned, as numbers. */
  save?(): number[];
  load?(saved: readonly number[]): void;
}

/** Makes kernels. An object of this type cannot travel to other threads; give a module that makes it. */
export interface Explorer {
  /** @throws {InvalidArgumentError} when it cannot move such states. */
  create(context: ExplorerContext): ExplorerKernel;
}

/** An explorer that other threads can make too. */
export interface PortableExplorer extends Explorer {
  /** Plain data: the module's function, called with the argument, gives the same explorer. */
  readonly portable: ModuleChoice;
}
