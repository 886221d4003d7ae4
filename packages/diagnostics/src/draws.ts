/** Draws of many named variables, each a scalar or an array. */
import { InvalidArgumentError, nearest } from "@siegert/errors";
import type { Chains } from "./chains.ts";

/** Draws of one variable: row-major (chain, draw, dim…). */
export interface VariableDraws {
  readonly values: Float64Array;
  /** Lengths of the dimensions after chain and draw. Default []: a scalar. */
  readonly shape?: readonly number[];
}

/** What {@link Draws} is made of. */
export interface DrawsInput {
  readonly chains: number;
  readonly draws: number;
  /** By name; a bare array is a scalar variable, (chain, draw). */
  readonly variables: Readonly<Record<string, VariableDraws | Float64Array>>;
}

/** What {@link Draws.fromPacked} needs to know about an array of vectors. */
export interface PackedDrawsLayout {
  readonly chains: number;
  readonly draws: number;
  /** The variables in the order in which they lie in a vector, with their shapes ([] for a scalar). */
  readonly variables: Readonly<Record<string, readonly number[]>>;
}

/** One number of a variable. */
export interface ScalarDraws {
  /** Name with indices from 0: `tau`, `theta[3]`, `corr[0, 1]`. */
  readonly label: string;
  readonly name: string;
  readonly index: readonly number[];
  readonly chains: Chains;
}

/** Draws of named variables, all with the same number of chains and draws. */
export class Draws {
  readonly chains: number;
  readonly draws: number;
  readonly #variables: ReadonlyMap<string, Required<VariableDraws>>;

  /** @throws {InvalidArgumentError} for no variable, shapes that are none, or values of another length. */
  constructor({ chains, draws, variables }: DrawsInput) {
    checkCount("chains", chains);
    checkCount("draws", draws);
    const entries = Object.entries(variables).map(([name, given]): [string, Required<VariableDraws>] => {
      const variable = given instanceof Float64Array ? { values: given, shape: [] } : { shape: [], ...given };
      const length = chains * draws * sizeOf(name, variable.shape);
      if (!(variable.values instanceof Float64Array) || variable.values.length !== length) {
        const requirement = `be a Float64Array of length chains · draws · shape = ${length}`;
        throw new InvalidArgumentError(`variables.${name}`, requirement, variable.values);
      }
      return [name, variable];
    });
    if (entries.length === 0) throw new InvalidArgumentError("variables", "hold at least one variable", variables);
    this.chains = chains;
    this.draws = draws;
    this.#variables = new Map(entries);
  }

  /**
   * Draws from vectors that hold all variables one after the other, as a sampler returns them.
   *
   * @param values row-major (chain, draw, parameter).
   * @throws {InvalidArgumentError} when the shapes do not add up to the length of a vector.
   */
  static fromPacked(values: Float64Array, { chains, draws, variables }: PackedDrawsLayout): Draws {
    checkCount("chains", chains);
    checkCount("draws", draws);
    const sizes = Object.entries(variables).map(([name, shape]) => sizeOf(name, shape));
    const width = sizes.reduce((sum, size) => sum + size, 0);
    if (values.length !== chains * draws * width) {
      const requirement = `have length chains · draws · parameters = ${chains * draws * width}`;
      throw new InvalidArgumentError("values", requirement, values);
    }
    const unpacked: Record<string, VariableDraws> = {};
    let offset = 0;
    Object.entries(variables).forEach(([name, shape], k) => {
      const size = sizes[k]!;
      const own = new Float64Array(chains * draws * size);
      for (let s = 0; s < chains * draws; s++) {
        for (let j = 0; j < size; j++) own[s * size + j] = values[s * width + offset + j]!;
      }
      unpacked[name] = { values: own, shape };
      offset += size;
    });
    return new Draws({ chains, draws, variables: unpacked });
  }

  /** Names of the variables, in the order given. */
  get names(): string[] {
    return [...this.#variables.keys()];
  }

  /** Lengths of a variable's dimensions after chain and draw. @throws {InvalidArgumentError} for an unknown name. */
  shape(name: string): readonly number[] {
    return this.#find(name).shape;
  }

  /** All draws of a variable, (chain, draw, dim…), not copied. @throws {InvalidArgumentError} for an unknown name. */
  values(name: string): Float64Array {
    return this.#find(name).values;
  }

  /**
   * Draws of one number of a variable; a copy, except for a scalar variable.
   *
   * @param index one index per dimension, from 0.
   * @throws {InvalidArgumentError} for an unknown name, or an index outside the shape.
   */
  scalar(name: string, ...index: readonly number[]): Chains {
    const { values, shape } = this.#find(name);
    const isInside = (k: number): boolean => Number.isInteger(index[k]) && index[k]! >= 0 && index[k]! < shape[k]!;
    if (index.length !== shape.length || !shape.every((_, k) => isInside(k))) {
      throw new InvalidArgumentError("index", `lie within the shape [${shape.join(", ")}] of ${name}`, index);
    }
    const offset = index.reduce((sum, position, k) => sum * shape[k]! + position, 0);
    return this.#column(values, shape, offset);
  }

  /** Every number of every variable (or of those named), in order. @throws {InvalidArgumentError} for an unknown name. */
  *scalars(names: readonly string[] = this.names): Generator<ScalarDraws> {
    for (const name of names) {
      const { values, shape } = this.#find(name);
      const size = sizeOf(name, shape);
      for (let offset = 0; offset < size; offset++) {
        const index = indexAt(offset, shape);
        const label = index.length === 0 ? name : `${name}[${index.join(", ")}]`;
        yield { label, name, index, chains: this.#column(values, shape, offset) };
      }
    }
  }

  #column(values: Float64Array, shape: readonly number[], offset: number): Chains {
    const { chains, draws } = this;
    if (shape.length === 0) return { values, chains, draws };
    const size = values.length / (chains * draws);
    const column = new Float64Array(chains * draws);
    for (let s = 0; s < column.length; s++) column[s] = values[s * size + offset]!;
    return { values: column, chains, draws };
  }

  #find(name: string): Required<VariableDraws> {
    const found = this.#variables.get(name);
    if (found !== undefined) return found;
    const near = nearest(name, this.#variables.keys());
    const hint = near === undefined ? "" : ` (did you mean ${near}?)`;
    throw new InvalidArgumentError("name", `be one of ${this.names.join(", ")}${hint}`, name);
  }
}

function indexAt(offset: number, shape: readonly number[]): number[] {
  const index = new Array<number>(shape.length);
  let rest = offset;
  for (let k = shape.length - 1; k >= 0; k--) {
    index[k] = rest % shape[k]!;
    rest = Math.floor(rest / shape[k]!);
  }
  return index;
}

function sizeOf(name: string, shape: readonly number[]): number {
  for (const length of shape) checkCount(`variables.${name}.shape`, length);
  return shape.reduce((size, length) => size * length, 1);
}

function checkCount(argument: string, count: number): void {
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError(argument, "be a positive integer", count);
}
