import type { FinishedRound } from "@siegert/log-density";
import type { ExploredPath } from "./explored-path.ts";
import type { ExplorerKernel } from "./explorer.ts";
import { packParts, unpackParts } from "./packed-parts.ts";

/** What joins several kernels: their tallies side by side, and their learning. */
abstract class JoinedKernel implements ExplorerKernel {
  readonly #names: readonly string[];
  protected readonly parts: readonly ExplorerKernel[];
  /** First column of each part. */
  protected readonly columns: readonly number[];

  constructor(parts: readonly ExplorerKernel[]) {
    this.parts = parts;
    const names: string[] = [];
    this.columns = parts.map((part) => {
      const first = names.length;
      names.push(...(part.tallies ?? []));
      return first;
    });
    this.#names = distinct(names);
  }

  get tallies(): readonly string[] {
    return this.#names;
  }

  abstract explore(path: ExploredPath, tallies: Float64Array, at: number): void;

  tune(round: FinishedRound, at: number, width: number): void {
    this.parts.forEach((part, k) => {
      part.tune?.(round, at + this.columns[k]!, width);
    });
  }

  save(): number[] {
    return packParts(this.parts.map((part) => part.save?.() ?? []));
  }

  load(saved: readonly number[]): void {
    unpackParts(saved).forEach((numbers, k) => {
      this.parts[k]!.load?.(numbers);
    });
  }
}

/** One kernel after the other. */
export class ComposedKernel extends JoinedKernel {
  explore(path: ExploredPath, tallies: Float64Array, at: number): void {
    for (let k = 0; k < this.parts.length; k++) this.parts[k]!.explore(path, tallies, at + this.columns[k]!);
  }
}

/** One kernel at random, with fixed probabilities. */
export class MixedKernel extends JoinedKernel {
  readonly #allNames: readonly string[];
  readonly #weights: Float64Array;
  readonly #own: Float64Array;

  /** @param weights positive, one for each part. */
  constructor(parts: readonly ExplorerKernel[], weights: ArrayLike<number>) {
    super(parts);
    this.#weights = Float64Array.from(weights);
    const total = this.#weights.reduce((sum, weight) => sum + weight, 0);
    for (let k = 0; k < this.#weights.length; k++) this.#weights[k] = this.#weights[k]! / total;
    this.#own = new Float64Array(super.tallies.length);
    this.#allNames = [...super.tallies, ...parts.map((_, k) => `share of part ${k + 1}`)];
  }

  override get tallies(): readonly string[] {
    return this.#allNames;
  }

  /** A part's tallies are divided by its probability, so that their mean over scans is that over its own steps. */
  explore(path: ExploredPath, tallies: Float64Array, at: number): void {
    const k = path.random.categorical(this.#weights);
    const own = this.#own.fill(0);
    this.parts[k]!.explore(path, own, this.columns[k]!);
    for (let column = 0; column < own.length; column++) {
      tallies[at + column] = tallies[at + column]! + own[column]! / this.#weights[k]!;
    }
    const share = at + own.length + k;
    tallies[share] = tallies[share]! + 1;
  }

  /** Parts learn from the mean over the steps that they made in fact, and see NaN where they made none. */
  override tune(round: FinishedRound, at: number, width: number): void {
    const tallies = round.tallies.slice();
    for (let chain = 0; chain < round.betas.length; chain++) {
      const row = chain * width + at;
      this.parts.forEach((part, k) => {
        const uses = tallies[row + this.#own.length + k]!;
        const factor = uses > 0 ? (this.#weights[k]! * round.scans) / uses : Number.NaN;
        const first = row + this.columns[k]!;
        for (let c = first; c < first + (part.tallies?.length ?? 0); c++) tallies[c] = tallies[c]! * factor;
      });
    }
    super.tune({ ...round, tallies }, at, width);
  }
}

/** The names, with numbers where one occurs again: "acceptance", "acceptance 2". */
function distinct(names: readonly string[]): string[] {
  const counts = new Map<string, number>();
  return names.map((name) => {
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return count === 1 ? name : `${name} ${count}`;
  });
}
