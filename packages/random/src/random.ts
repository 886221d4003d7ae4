import { InvalidArgumentError } from "@siegert/errors";
import { beta } from "./beta.ts";
import { categorical, categoricalLog } from "./categorical.ts";
import { standardExponential } from "./exponential.ts";
import { gamma, logGamma } from "./gamma.ts";
import { standardNormal } from "./normal.ts";
import { PhiloxWords } from "./philox-words.ts";
import { poisson } from "./poisson.ts";
import { checkRandomState, type RandomState } from "./random-state.ts";
import { shuffle } from "./shuffle.ts";
import { childIdentity, type PathElement, seedIdentity } from "./stream-identity.ts";
import { integerBelow, uniform } from "./uniform.ts";

/**
 * The stream named by a seed and a path, at its beginning. Equal seeds and paths give equal draws on every machine;
 * different ones give streams that share no numbers in practice, so a chain draws the same alone or beside others.
 *
 *     createRandom(42, "nuts", chain)   =   createRandom(42).split("nuts", chain)
 *
 * @param seed a safe integer or a bigint of any size.
 * @param path what the stream is for: strings, safe integers or bigints. "1" and 1 differ, 1 and 1n do not.
 * @throws {InvalidArgumentError} for a seed or a path element of another kind.
 */
export function createRandom(seed: number | bigint, ...path: PathElement[]): Random {
  return atStart(childIdentity(seedIdentity(seed), path));
}

function atStart(identity: Uint32Array): Random {
  const [k0, k1, c2, c3] = identity as unknown as [number, number, number, number];
  return Random.fromState({ generator: "philox4x32-10", key: [k0, k1], counter: [0, 0, c2, c3], position: 0 });
}

/**
 * A stream of random variates: words of Philox4x32-10 over a counter. Make one with `createRandom`, `split` or
 * `Random.fromState`. Its period is 2⁶⁶ words. No variate makes an object, and all use only operations that IEEE 754
 * rounds exactly, so every variate has the same bits on every engine.
 */
export class Random {
  readonly #words: PhiloxWords;

  private constructor(state: RandomState) {
    this.#words = new PhiloxWords(state);
  }

  /**
   * The stream that goes on where `state()` was taken, to the same bits.
   * @throws {InvalidArgumentError} when the state is malformed or of another generator.
   */
  static fromState(state: RandomState): Random {
    checkRandomState(state);
    return new Random(state);
  }

  /** Where the stream stands, as plain JSON data; later draws do not change it. */
  state(): RandomState {
    return this.#words.state();
  }

  /**
   * The stream named by this one's name and more path, at its beginning. How much was drawn from this one plays no
   * role: the same path twice gives the same stream twice.
   * @throws {InvalidArgumentError} when the path is empty or holds anything but strings, safe integers and bigints.
   */
  split(...path: PathElement[]): Random {
    if (path.length === 0) throw new InvalidArgumentError("path", "have at least one element", path);
    const { key, counter } = this.#words.state();
    return atStart(childIdentity(Uint32Array.of(key[0], key[1], counter[2], counter[3]), path));
  }

  /**
   * Moves by whole blocks of 4 words, backward when negative, at no cost; modulo the period.
   * @throws {InvalidArgumentError} unless `blocks` is a safe integer or a bigint.
   */
  jump(blocks: number | bigint): void {
    if (typeof blocks !== "bigint" && !Number.isSafeInteger(blocks)) {
      throw new InvalidArgumentError("blocks", "be a safe integer or a bigint", blocks);
    }
    this.#words.jump(BigInt(blocks));
  }

  /** One word: an integer from 0 to 2³² − 1. */
  uint32(): number {
    return this.#words.next();
  }

  /** Uniform on the odd multiples of 2⁻⁵³ in (0, 1): never 0 or 1, symmetric about ½. 2 words. */
  uniform(): number {
    return uniform(this.#words);
  }

  /** Fills an array with what as many calls of `uniform` would give; returns it. */
  fillUniform(out: Float64Array): Float64Array {
    for (let i = 0; i < out.length; i++) out[i] = uniform(this.#words);
    return out;
  }

  /**
   * Uniform on 0, 1, …, n − 1 without bias (Lemire 2019). 1 word for n ≤ 2³², else 2; more after a rejection.
   * @throws {InvalidArgumentError} unless n is an integer from 1 to 2⁵³.
   */
  integer(n: number): number {
    if (!(Number.isInteger(n) && n >= 1 && n <= 2 ** 53)) {
      throw new InvalidArgumentError("n", "be an integer from 1 to 2^53", n);
    }
    return integerBelow(this.#words, n);
  }

  /**
   * Normal, by inversion (Wichura 1988); exact tails to 12.4 standard deviations. 2 words, and 2 more with
   * probability 2⁻¹⁰.
   * @throws {InvalidArgumentError} unless the mean is finite and the standard deviation finite and not negative.
   */
  normal(mean = 0, standardDeviation = 1): number {
    if (!Number.isFinite(mean)) throw new InvalidArgumentError("mean", "be finite", mean);
    if (!(standardDeviation >= 0 && standardDeviation < Infinity)) {
      throw new InvalidArgumentError("standardDeviation", "be non-negative and finite", standardDeviation);
    }
    return mean + standardDeviation * standardNormal(this.#words);
  }

  /** Fills an array with what as many calls of `normal()` would give; returns it. */
  fillNormal(out: Float64Array): Float64Array {
    for (let i = 0; i < out.length; i++) out[i] = standardNormal(this.#words);
    return out;
  }

  /**
   * Exponential of mean `scale`, by inversion, accurate near 0 and in the tail. 2 words, and 2 more with probability 2⁻¹⁰.
   * @throws {InvalidArgumentError} unless the scale is positive and finite.
   */
  exponential(scale = 1): number {
    checkPositive("scale", scale);
    return scale * standardExponential(this.#words);
  }

  /**
   * Gamma, density ∝ x^(shape − 1) exp(−x/scale) (Marsaglia & Tsang 2000). A variate below the smallest double, as
   * shapes under about 0.01 give, is 0: take `logGamma` for those.
   * @throws {InvalidArgumentError} unless both are positive and finite.
   */
  gamma(shape: number, scale = 1): number {
    checkPositive("shape", shape);
    checkPositive("scale", scale);
    return gamma(this.#words, shape, scale);
  }

  /**
   * Logarithm of a gamma variate of scale 1, from the same words as `gamma(shape)`; finite for shapes from 1e-300 on.
   * @throws {InvalidArgumentError} unless the shape is positive and finite.
   */
  logGamma(shape: number): number {
    checkPositive("shape", shape);
    return logGamma(this.#words, shape);
  }

  /**
   * Beta, density ∝ x^(a − 1) (1 − x)^(b − 1), for shapes of any size. In [0, 1]: 0 and 1 themselves occur only
   * where the variate rounds to them, as very small shapes make likely.
   * @throws {InvalidArgumentError} unless both shapes are positive and finite.
   */
  beta(a: number, b: number): number {
    checkPositive("a", a);
    checkPositive("b", b);
    return beta(this.#words, a, b);
  }

  /**
   * Poisson: arrivals below mean ½, inversion below 10, then PTRS (Hörmann 1993) with a margin on its hat that makes it exact.
   * @throws {InvalidArgumentError} unless the mean lies in [0, 1e15].
   */
  poisson(mean: number): number {
    if (!(mean >= 0 && mean <= 1e15)) throw new InvalidArgumentError("mean", "lie between 0 and 1e15", mean);
    return poisson(this.#words, mean);
  }

  /**
   * Index drawn with probability weights[i] / Σ weights; never one of weight 0. 2 words, time O(weights).
   * @throws {InvalidArgumentError} unless all weights are non-negative and finite and one is positive.
   */
  categorical(weights: ArrayLike<number>): number {
    return categorical(this.#words, weights);
  }

  /**
   * Index drawn with probability ∝ exp(logWeights[i]), whatever constant is added to all. −Infinity is weight 0.
   * 2 words, time O(weights).
   * @throws {InvalidArgumentError} for NaN or +Infinity, and when no weight is positive.
   */
  categoricalLog(logWeights: ArrayLike<number>): number {
    return categoricalLog(this.#words, logWeights);
  }

  /** Brings an array or typed array into random order, in place, and returns it. At most 2³² elements; n − 1 words. */
  shuffle<A extends { readonly length: number; [index: number]: unknown }>(array: A): A {
    shuffle(this.#words, array);
    return array;
  }

  /**
   * The numbers 0 to n − 1 in random order.
   * @throws {InvalidArgumentError} unless n is an integer from 0 to 2³² − 1.
   */
  permutation(n: number): Uint32Array {
    if (!(Number.isInteger(n) && n >= 0 && n < 2 ** 32)) {
      throw new InvalidArgumentError("n", "be an integer from 0 to 2^32 - 1", n);
    }
    const permutation = new Uint32Array(n);
    for (let i = 0; i < n; i++) permutation[i] = i;
    return this.shuffle(permutation);
  }
}

function checkPositive(argument: string, value: number): void {
  if (!(value > 0 && value < Infinity)) throw new InvalidArgumentError(argument, "be positive and finite", value);
}
