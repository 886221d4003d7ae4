import { InvalidArgumentError, nearest } from "@siegert/errors";
import type { Shard } from "./shard.ts";

/** Which parameters of a shard vary. */
export interface FreeParametersOptions {
  /** Names, or indices into the full vector; their order is the order of the reduced vector. */
  readonly free: readonly string[] | readonly number[];
  /** Values of the others: by name, or a full vector of which the free entries are not read. */
  readonly fixed: Readonly<Record<string, number>> | Float64Array;
}

/**
 * The same likelihood as a function of some of its parameters. Calls create no arrays. Like the shard it stands on, it
 * serves one thread, and the two must not be called from within each other.
 *
 * @throws {InvalidArgumentError} for a name or index that the shard does not have, one given twice, or a parameter that
 * is neither free nor fixed to a finite value.
 */
export function freeParameters(shard: Shard, { free, fixed }: FreeParametersOptions): Shard {
  if (free.length === 0) throw new InvalidArgumentError("free", "name at least one parameter", free);
  const entries: readonly (string | number)[] = free;
  const indices = Int32Array.from(entries, (entry, k) => indexOf(shard.names, entry, `free[${k}]`));
  indices.forEach((index, k) => {
    if (indices.indexOf(index) < k) throw new InvalidArgumentError(`free[${k}]`, "be named once", free[k]);
  });
  return new ReducedShard(shard, indices, fullVector(shard.names, indices, fixed));
}

class ReducedShard implements Shard {
  readonly pairCount: number;
  readonly parameterCount: number;
  readonly names: readonly string[];
  readonly engine: Shard["engine"];
  readonly #shard: Shard;
  readonly #indices: Int32Array;
  readonly #full: Float64Array;
  readonly #fullGradient: Float64Array;

  constructor(shard: Shard, indices: Int32Array, full: Float64Array) {
    this.pairCount = shard.pairCount;
    this.parameterCount = indices.length;
    this.names = Array.from(indices, (index) => shard.names[index]!);
    this.engine = shard.engine;
    this.#shard = shard;
    this.#indices = indices;
    this.#full = full;
    this.#fullGradient = new Float64Array(full.length);
  }

  c2(x: Float64Array, out: Float64Array): Float64Array {
    return this.#shard.c2(this.#expand(x), out);
  }

  logLikelihood(x: Float64Array): number {
    return this.#shard.logLikelihood(this.#expand(x));
  }

  logLikelihoodAndGradient(x: Float64Array, gradient: Float64Array): number {
    this.#checkLength("gradient", gradient);
    const value = this.#shard.logLikelihoodAndGradient(this.#expand(x), this.#fullGradient);
    for (let k = 0; k < gradient.length; k++) gradient[k] = this.#fullGradient[this.#indices[k]!]!;
    return value;
  }

  #expand(x: Float64Array): Float64Array {
    this.#checkLength("x", x);
    for (let k = 0; k < x.length; k++) this.#full[this.#indices[k]!] = x[k]!;
    return this.#full;
  }

  #checkLength(name: string, vector: Float64Array): void {
    if (vector.length !== this.parameterCount) {
      throw new InvalidArgumentError(name, `have length ${this.parameterCount}`, vector);
    }
  }
}

function indexOf(names: readonly string[], entry: string | number, argument: string): number {
  if (typeof entry === "number") {
    if (Number.isInteger(entry) && entry >= 0 && entry < names.length) return entry;
    throw new InvalidArgumentError(argument, `be an index between 0 and ${names.length - 1}`, entry);
  }
  const index = names.indexOf(entry);
  if (index >= 0) return index;
  const near = nearest(entry, names);
  const hint = near === undefined ? "" : ` (nearest: ${near})`;
  throw new InvalidArgumentError(argument, `be one of ${names.join(", ")}${hint}`, entry);
}

function fullVector(
  names: readonly string[],
  free: Int32Array,
  fixed: Readonly<Record<string, number>> | Float64Array,
): Float64Array {
  const full = new Float64Array(names.length);
  if (fixed instanceof Float64Array) {
    if (fixed.length !== names.length) throw new InvalidArgumentError("fixed", `have length ${names.length}`, fixed);
  } else {
    for (const name of Object.keys(fixed)) indexOf(names, name, `fixed.${name}`);
  }
  for (let k = 0; k < names.length; k++) {
    if (free.includes(k)) continue;
    const name = names[k]!;
    const value = fixed instanceof Float64Array ? fixed[k] : fixed[name];
    if (value === undefined || !Number.isFinite(value)) {
      throw new InvalidArgumentError(`fixed.${name}`, "be a finite number, as it is not free", value);
    }
    full[k] = value;
  }
  return full;
}
