import type { Random } from "@siegert/random";
import { type CoordinateLaw, checkLaw } from "./coordinate-law.ts";
import type { Reference } from "./reference.ts";

const NORMAL = 0;
const UNIFORM = 1;
const INTEGER = 2;
const BOOLEAN = 3;
const FIXED = 4;
const LOG_SQRT_2_PI = 0.9189385332046728;

/** A product of one law per coordinate, normalised; with respect to counting measure for what is not continuous. */
export class IndependentReference implements Reference {
  readonly dim: number;
  readonly #code: Uint8Array;
  /** Mean, lower bound, probability or value. */
  readonly #first: Float64Array;
  /** Standard deviation or upper bound. */
  readonly #second: Float64Array;
  /** Log density of the coordinate, but for the square of a normal and the choice of a boolean. */
  readonly #constant: Float64Array;

  /** @throws {InvalidArgumentError} naming the law that is wrong. */
  constructor(laws: readonly CoordinateLaw[], argument = "reference.coordinates") {
    this.dim = laws.length;
    this.#code = new Uint8Array(laws.length);
    this.#first = new Float64Array(laws.length);
    this.#second = new Float64Array(laws.length);
    this.#constant = new Float64Array(laws.length);
    laws.forEach((law, i) => {
      checkLaw(law, `${argument}[${i}]`);
      this.#set(i, law);
    });
  }

  #set(i: number, law: CoordinateLaw): void {
    switch (law.law) {
      case "normal":
        this.#put(i, NORMAL, law.mean, law.sd, -LOG_SQRT_2_PI - Math.log(law.sd));
        break;
      case "uniform":
        this.#put(i, UNIFORM, law.lower, law.upper, -Math.log(law.upper - law.lower));
        break;
      case "integer":
        this.#put(i, INTEGER, law.lower, law.upper, -Math.log(law.upper - law.lower + 1));
        break;
      case "boolean":
        this.#put(i, BOOLEAN, law.probability, 0, 0);
        break;
      case "fixed":
        this.#put(i, FIXED, law.value, 0, 0);
    }
  }

  #put(i: number, code: number, first: number, second: number, constant: number): void {
    this.#code[i] = code;
    this.#first[i] = first;
    this.#second[i] = second;
    this.#constant[i] = constant;
  }

  logDensity(position: Float64Array): number {
    let sum = 0;
    for (let i = 0; i < this.dim; i++) sum += this.#term(i, position[i]!);
    return Number.isNaN(sum) ? -Infinity : sum;
  }

  logDensityAndGradient(position: Float64Array, gradient: Float64Array): number {
    for (let i = 0; i < this.dim; i++) {
      const sd = this.#second[i]!;
      gradient[i] = this.#code[i] === NORMAL ? (this.#first[i]! - position[i]!) / (sd * sd) : 0;
    }
    return this.logDensity(position);
  }

  #term(i: number, x: number): number {
    const a = this.#first[i]!;
    const b = this.#second[i]!;
    switch (this.#code[i]) {
      case NORMAL: {
        const z = (x - a) / b;
        return this.#constant[i]! - 0.5 * z * z;
      }
      case UNIFORM:
        return x >= a && x <= b ? this.#constant[i]! : -Infinity;
      case INTEGER:
        return x >= a && x <= b && Number.isInteger(x) ? this.#constant[i]! : -Infinity;
      case BOOLEAN:
        return x === 1 ? Math.log(a) : x === 0 ? Math.log1p(-a) : -Infinity;
      default:
        return x === a ? 0 : -Infinity;
    }
  }

  draw(random: Random, position: Float64Array): void {
    for (let i = 0; i < this.dim; i++) {
      const a = this.#first[i]!;
      const b = this.#second[i]!;
      switch (this.#code[i]) {
        case NORMAL:
          position[i] = random.normal(a, b);
          break;
        case UNIFORM:
          position[i] = a + (b - a) * random.uniform();
          break;
        case INTEGER:
          position[i] = a + random.integer(b - a + 1);
          break;
        case BOOLEAN:
          position[i] = random.uniform() < a ? 1 : 0;
          break;
        default:
          position[i] = a;
      }
    }
  }
}
