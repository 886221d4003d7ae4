import { LogDensityError } from "@siegert/log-density";
import type { Random } from "@siegert/random";
import type { Point } from "../kernel/kernel.ts";
import type { Start } from "./settings.ts";

const TRIES = 100;

/**
 * Looks for a start where the log density and its gradient are finite: up to 100 tries, but only one for a point that
 * was given.
 */
export class StartSearch {
  readonly position: Float64Array;
  readonly gradient: Float64Array;
  readonly #start: Start;
  readonly #random: Random;
  readonly #nameOf: (index: number) => string;
  readonly #point: Point;
  #tries = 0;
  readonly #failures = new Map<string, number>();

  /** @param point where a good start is put. */
  constructor(start: Start, point: Point, random: Random, nameOf: (index: number) => string) {
    const dim = point.position.length;
    this.#point = point;
    this.#start = start;
    this.#random = random;
    this.#nameOf = nameOf;
    this.position = new Float64Array(dim);
    this.gradient = new Float64Array(dim);
    this.#propose();
  }

  /**
   * Takes the log density; true when the start is good and in the point.
   * @throws {LogDensityError} when no try is left, saying what was not finite and how often.
   */
  advance(logDensity: number): boolean {
    const point = this.#point;
    const failure = this.#failureOf(logDensity);
    this.#tries++;
    if (failure === undefined) {
      point.position.set(this.position);
      point.gradient.set(this.gradient);
      point.logDensity = logDensity;
      return true;
    }
    this.#failures.set(failure, (this.#failures.get(failure) ?? 0) + 1);
    if (this.#tries >= (this.#start.kind === "at" ? 1 : TRIES)) throw this.#error();
    this.#propose();
    return false;
  }

  #propose(): void {
    const start = this.#start;
    for (let i = 0; i < this.position.length; i++) {
      if (start.kind === "at") this.position[i] = start.position[i]!;
      else {
        const offset = 2 * this.#random.uniform() - 1;
        this.position[i] =
          start.kind === "uniform" ? offset * start.radius : start.around[i]! + offset * start.scale[i]!;
      }
    }
  }

  #failureOf(logDensity: number): string | undefined {
    if (!Number.isFinite(logDensity)) return `log density ${logDensity}`;
    const index = this.gradient.findIndex((entry) => !Number.isFinite(entry));
    return index < 0 ? undefined : `gradient ${this.gradient[index]} with respect to ${this.#nameOf(index)}`;
  }

  #error(): LogDensityError {
    const counts = [...this.#failures]
      .toSorted((a, b) => b[1] - a[1])
      .map(([what, times]) => `${what} (${times} times)`);
    const where = this.#start.kind === "at" ? "The given start is" : `None of ${this.#tries} starts is`;
    return new LogDensityError(`${where} usable: ${counts.join(", ")}`, {
      isRecoverable: false,
      position: this.position,
    });
  }
}
