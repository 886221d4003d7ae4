import type { LogDensity } from "./log-density.ts";

/** One named parameter of a model, on the constrained scale. */
export interface NamedParameter {
  readonly name: string;
  /** Row-major; empty for a scalar. */
  readonly shape: readonly number[];
}

/** A log density whose positions have a meaning: named parameters with shapes on a constrained scale. */
export interface NamedLogDensity extends LogDensity {
  /** In the order in which `constrain` writes them. */
  readonly parameters: readonly NamedParameter[];
  /** Total number of constrained values. */
  readonly constrainedDim: number;
  /** Writes the parameters of an unconstrained position, one after the other, and returns `values`. */
  constrain(position: Float64Array, values: Float64Array): Float64Array;
  /**
   * Writes the unconstrained position of parameter values, and returns it.
   * @throws {InvalidArgumentError} when the values lie outside the model's support.
   */
  unconstrain(values: Float64Array, position: Float64Array): Float64Array;
  /** Unconstrained position of the prior's medians, a start that no data has shaped. */
  readonly priorMedian?: Float64Array | undefined;
  /** The parameter to which unconstrained coordinate `index` belongs, such as "theta[2]". */
  coordinateName?(index: number): string;
}

/** Whether a target has named parameters. */
export function isNamed(target: LogDensity): target is NamedLogDensity {
  const named = target as Partial<NamedLogDensity>;
  return Array.isArray(named.parameters) && typeof named.constrain === "function";
}

/** The names of all constrained values, with indices from 0: "mu", "theta[0]", "theta[1]", "L[1,0]", …. */
export function valueNames(parameters: readonly NamedParameter[]): string[] {
  return parameters.flatMap(({ name, shape }) => {
    const size = shape.reduce((product, length) => product * length, 1);
    return Array.from({ length: size }, (_, k) => entryName(name, shape, k));
  });
}

/**
 * What to call unconstrained coordinate `index` of a target: its parameter where that is known, else "position[index]".
 */
export function coordinateName(target: LogDensity, index: number): string {
  const known = isNamed(target) ? target.coordinateName?.(index) : undefined;
  return known ?? `position[${index}]`;
}

function entryName(name: string, shape: readonly number[], index: number): string {
  if (shape.length === 0) return name;
  const indices: number[] = [];
  let rest = index;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    indices.unshift(rest % shape[axis]!);
    rest = Math.floor(rest / shape[axis]!);
  }
  return `${name}[${indices.join(",")}]`;
}
