import type { FinishedRound } from "@siegert/log-density";
import type { Random } from "@siegert/random";
import type { CoordinateKind } from "../references/coordinate-kind.ts";
import type { ExploredPath } from "./explored-path.ts";
import type { ExplorerKernel } from "./explorer.ts";

/** The density of some coordinates given the others, as an explorer of these sees it. */
class PartialPath implements ExploredPath {
  readonly dim: number;
  readonly kinds: readonly CoordinateKind[];
  readonly position: Float64Array;
  readonly #indices: Int32Array;
  readonly #trial: Float64Array;
  readonly #gradient: Float64Array;
  #whole!: ExploredPath;

  constructor(indices: readonly number[], kinds: readonly CoordinateKind[]) {
    this.dim = indices.length;
    this.kinds = indices.map((i) => kinds[i]!);
    this.position = new Float64Array(indices.length);
    this.#indices = Int32Array.from(indices);
    this.#trial = new Float64Array(kinds.length);
    this.#gradient = new Float64Array(kinds.length);
  }

  begin(whole: ExploredPath): void {
    this.#whole = whole;
    this.#trial.set(whole.position);
    for (let k = 0; k < this.dim; k++) this.position[k] = whole.position[this.#indices[k]!]!;
  }

  get chain(): number {
    return this.#whole.chain;
  }

  get leg(): number {
    return this.#whole.leg;
  }

  get beta(): number {
    return this.#whole.beta;
  }

  get random(): Random {
    return this.#whole.random;
  }

  get logDensity(): number {
    return this.#whole.logDensity;
  }

  evaluate(trial: Float64Array): number {
    this.#spread(trial);
    return this.#whole.evaluate(this.#trial);
  }

  evaluateWithGradient(trial: Float64Array, gradient: Float64Array): number {
    this.#spread(trial);
    const value = this.#whole.evaluateWithGradient(this.#trial, this.#gradient);
    for (let k = 0; k < this.dim; k++) gradient[k] = this.#gradient[this.#indices[k]!]!;
    return value;
  }

  accept(trial: Float64Array): void {
    this.#spread(trial);
    this.#whole.accept(this.#trial);
    for (let k = 0; k < this.dim; k++) this.position[k] = trial[k]!;
  }

  moveTo(trial: Float64Array, logDensity: number): void {
    this.#spread(trial);
    this.#whole.moveTo(this.#trial, logDensity);
    for (let k = 0; k < this.dim; k++) this.position[k] = trial[k]!;
  }

  #spread(trial: Float64Array): void {
    for (let k = 0; k < this.dim; k++) this.#trial[this.#indices[k]!] = trial[k]!;
  }
}

/** A kernel that moves some of the coordinates and leaves the others where they are. */
export class PartialKernel implements ExplorerKernel {
  readonly tallies: readonly string[];
  readonly #part: ExplorerKernel;
  readonly #path: PartialPath;

  /** @param part made for the coordinates `indices` in this order. @param kinds of all coordinates. */
  constructor(part: ExplorerKernel, indices: readonly number[], kinds: readonly CoordinateKind[]) {
    this.#part = part;
    this.tallies = part.tallies ?? [];
    this.#path = new PartialPath(indices, kinds);
  }

  explore(path: ExploredPath, tallies: Float64Array, at: number): void {
    this.#path.begin(path);
    this.#part.explore(this.#path, tallies, at);
  }

  tune(round: FinishedRound, at: number, width: number): void {
    this.#part.tune?.(round, at, width);
  }

  save(): number[] {
    return this.#part.save?.() ?? [];
  }

  load(saved: readonly number[]): void {
    this.#part.load?.(saved);
  }
}
