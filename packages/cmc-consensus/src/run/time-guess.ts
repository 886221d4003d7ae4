/** Guesses how long a run still takes, from the time per point so far. */
export class TimeGuess {
  readonly #points: readonly number[];
  readonly #lanes: number;
  readonly #fractions: Float64Array;
  #pointsLeft: number;
  #unfinished: number;
  /** Seconds and points of shards that are done. */
  #seconds = 0;
  #measured = 0;
  /** Seconds per point of the shard that told of itself last. */
  #running = Infinity;

  constructor(points: readonly number[], lanes: number) {
    this.#points = points;
    this.#lanes = lanes;
    this.#fractions = new Float64Array(points.length);
    this.#pointsLeft = points.reduce((sum, one) => sum + one, 0);
    this.#unfinished = points.length;
  }

  progress(shard: number, fraction: number, secondsLeft: number): void {
    this.#count(shard, fraction);
    if (fraction < 1 && Number.isFinite(secondsLeft)) {
      this.#running = secondsLeft / ((1 - fraction) * this.#points[shard]!);
    }
  }

  /** @param seconds undefined when the shard says nothing about the time of others. */
  end(shard: number, seconds: number | undefined): void {
    this.#count(shard, 1);
    this.#unfinished--;
    if (seconds === undefined) return;
    this.#seconds += seconds;
    this.#measured += this.#points[shard]!;
  }

  /** Infinity when nothing is known yet. */
  secondsLeft(): number {
    if (this.#unfinished === 0) return 0;
    const perPoint = this.#measured > 0 ? this.#seconds / this.#measured : this.#running;
    return (this.#pointsLeft * perPoint) / Math.min(this.#lanes, this.#unfinished);
  }

  #count(shard: number, fraction: number): void {
    this.#pointsLeft -= (fraction - this.#fractions[shard]!) * this.#points[shard]!;
    this.#fractions[shard] = fraction;
  }
}
