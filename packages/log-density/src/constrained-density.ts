import { InvalidArgumentError } from "@siegert/errors";
import type { Bijector } from "./bijectors/bijector.ts";
import type { LogDensityTerm } from "./log-density.ts";
import type { NamedLogDensity } from "./named-log-density.ts";

/** A model on the scale on which one thinks of it. */
export interface ConstrainedModel {
  /** Name of every parameter and the set it lives in; `values` below holds them one after the other in this order. */
  readonly parameters: Readonly<Record<string, Bijector>>;
  /**
   * Writes the gradient with respect to the values and gives the log density of the values, up to a constant and
   * without any Jacobian.
   */
  logDensityAndGradient(values: Float64Array, gradient: Float64Array): number;
  /** The value alone, when that is cheaper. */
  readonly logDensity?: (values: Float64Array) => number;
  /** The summands, for reports on values that are not finite. */
  readonly terms?: (values: Float64Array) => readonly LogDensityTerm[];
  /** Medians of the priors: constrained values, in order. */
  readonly priorMedian?: ArrayLike<number>;
}

interface Block {
  readonly name: string;
  readonly bijector: Bijector;
  readonly uAt: number;
  readonly xAt: number;
}

/**
 * The density of a model's unconstrained coordinates: parameters through their bijectors, log Jacobians added.
 * Evaluations allocate nothing; one instance serves one thread and is not re-entrant.
 * @throws {InvalidArgumentError} when there is no parameter, or `priorMedian` lies outside the support.
 */
export function constrainedDensity(model: ConstrainedModel): NamedLogDensity {
  const blocks = layOut(model.parameters);
  const last = blocks.at(-1);
  if (!last) throw new InvalidArgumentError("model.parameters", "have at least one parameter", model.parameters);
  const dim = last.uAt + last.bijector.unconstrainedDim;
  const constrainedDim = last.xAt + last.bijector.constrainedDim;
  const values = new Float64Array(constrainedDim);
  const valueGradient = new Float64Array(constrainedDim);
  const { terms } = model;

  const constrainAll = (position: Float64Array, out: Float64Array): number => {
    let logJacobian = 0;
    for (const { bijector, uAt, xAt } of blocks) logJacobian += bijector.constrain(position, uAt, out, xAt);
    return logJacobian;
  };
  const density: NamedLogDensity = {
    dim,
    constrainedDim,
    parameters: blocks.map(({ name, bijector }) => ({ name, shape: bijector.shape })),
    logDensity(position) {
      const logJacobian = constrainAll(position, values);
      return (model.logDensity?.(values) ?? model.logDensityAndGradient(values, valueGradient)) + logJacobian;
    },
    logDensityAndGradient(position, gradient) {
      const logJacobian = constrainAll(position, values);
      const value = model.logDensityAndGradient(values, valueGradient);
      for (const { bijector, uAt, xAt } of blocks) {
        bijector.pullBack(position, uAt, values, xAt, valueGradient, gradient);
      }
      return value + logJacobian;
    },
    constrain(position, out) {
      constrainAll(position, out);
      return out;
    },
    unconstrain(given, position) {
      checkLength("values", given, constrainedDim);
      for (const { bijector, uAt, xAt } of blocks) bijector.unconstrain(given, xAt, position, uAt);
      return position;
    },
    coordinateName: (index) => nameOfCoordinate(blocks, index),
    ...(terms && { terms: (position: Float64Array) => explain(blocks, position, values, terms) }),
  };
  if (!model.priorMedian) return density;
  const medians = Float64Array.from(model.priorMedian);
  return { ...density, priorMedian: density.unconstrain(medians, new Float64Array(dim)) };
}

function layOut(parameters: Readonly<Record<string, Bijector>>): Block[] {
  let uAt = 0;
  let xAt = 0;
  return Object.entries(parameters).map(([name, bijector]) => {
    const block = { name, bijector, uAt, xAt };
    uAt += bijector.unconstrainedDim;
    xAt += bijector.constrainedDim;
    return block;
  });
}

/** The summands with the log Jacobians among them, which are where an overflow usually starts. */
function explain(
  blocks: readonly Block[],
  position: Float64Array,
  values: Float64Array,
  terms: (values: Float64Array) => readonly LogDensityTerm[],
): LogDensityTerm[] {
  const jacobians = blocks.map(({ name, bijector, uAt, xAt }) => ({
    name: `log Jacobian of ${name} (${bijector.kind})`,
    value: bijector.constrain(position, uAt, values, xAt),
  }));
  return [...terms(values), ...jacobians];
}

function nameOfCoordinate(blocks: readonly Block[], index: number): string {
  const block = blocks.findLast(({ uAt }) => uAt <= index);
  if (!block) return `position[${index}]`;
  return block.bijector.unconstrainedDim === 1 ? block.name : `${block.name}~${index - block.uAt}`;
}

function checkLength(argument: string, array: ArrayLike<number>, length: number): void {
  if (array.length !== length) throw new InvalidArgumentError(argument, `have length ${length}`, array);
}
