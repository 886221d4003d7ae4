import { isNamed, type LogDensity, LogDensityError, valueNames } from "@siegert/log-density";

/**
 * The target with its faults taken care of: NaN, +∞ and recoverable errors are points that cannot be, counted; any other
 * error stops the run and says where it happened.
 */
export class GuardedTarget {
  readonly target: LogDensity;
  /** Evaluations, and those of them that gave NaN, +∞ or a recoverable error. */
  evaluations = 0;
  invalid = 0;
  readonly #isStrict: boolean;
  readonly #values: Float64Array;

  /** @param isStrict whether NaN and +∞ are errors. */
  constructor(target: LogDensity, isStrict: boolean) {
    this.target = target;
    this.#isStrict = isStrict;
    this.#values = new Float64Array(isNamed(target) ? target.constrainedDim : 0);
  }

  logDensity(position: Float64Array): number {
    this.evaluations++;
    try {
      return this.#checked(this.target.logDensity(position), position);
    } catch (error) {
      return this.#reject(error, position);
    }
  }

  logDensityAndGradient(position: Float64Array, gradient: Float64Array): number {
    this.evaluations++;
    try {
      return this.#checked(this.target.logDensityAndGradient(position, gradient), position);
    } catch (error) {
      return this.#reject(error, position);
    }
  }

  #checked(value: number, position: Float64Array): number {
    if (value < Infinity) return value;
    this.invalid++;
    if (!this.#isStrict) return -Infinity;
    throw new LogDensityError(`The log density of the target is ${value} at ${this.describe(position)}`, {
      isRecoverable: false,
      position,
    });
  }

  #reject(error: unknown, position: Float64Array): number {
    if (error instanceof LogDensityError) {
      if (!error.isRecoverable) throw error;
      this.invalid++;
      return -Infinity;
    }
    const what = error instanceof Error ? error.message : String(error);
    throw new LogDensityError(`The target threw "${what}" at ${this.describe(position)}`, {
      isRecoverable: false,
      position,
      cause: error,
    });
  }

  /** A position in words: "mu = 0.5, tau = 2", or "position[0] = 0.5, …". At most 20 values. */
  describe(position: Float64Array): string {
    const { target } = this;
    const names = isNamed(target) ? valueNames(target.parameters) : [];
    const values = isNamed(target) ? target.constrain(position, this.#values) : position;
    const shown = Array.from(values.subarray(0, 20), (value, i) => `${names[i] ?? `position[${i}]`} = ${value}`);
    return shown.join(", ") + (values.length > 20 ? `, and ${values.length - 20} more` : "");
  }
}
