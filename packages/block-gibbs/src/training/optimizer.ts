import { InvalidArgumentError } from "@siegert/errors";

/** A rule that moves weights along a gradient, downhill. */
export interface Optimizer {
  /** For messages. */
  readonly name: string;
  /** Begins with nothing remembered, for so many weights. */
  start(count: number): OptimizerRun;
}

/** An optimizer at work. */
export interface OptimizerRun {
  /** Changes the weights by one step. */
  step(weights: Float64Array, gradient: Float64Array): void;
}

/**
 * Gradient descent, v ← momentum · v − learningRate · g, w ← w + v (Polyak 1964).
 * @throws {InvalidArgumentError} unless the learning rate is positive and the momentum in [0, 1).
 */
export function gradientDescent({
  learningRate = 0.1,
  momentum = 0,
}: {
  readonly learningRate?: number;
  readonly momentum?: number;
} = {}): Optimizer {
  checkRate(learningRate);
  checkFraction("momentum", momentum);
  return {
    name: "gradient descent",
    start(count) {
      const velocity = new Float64Array(count);
      return {
        step(weights, gradient) {
          for (let w = 0; w < count; w++) {
            velocity[w] = momentum * velocity[w]! - learningRate * gradient[w]!;
            weights[w]! += velocity[w]!;
          }
        },
      };
    },
  };
}

/**
 * Adam with bias correction (Kingma & Ba 2015, arXiv:1412.6980, algorithm 1).
 * @throws {InvalidArgumentError} unless the learning rate and ε are positive and the decay rates in [0, 1).
 */
export function adam({
  learningRate = 0.01,
  beta1 = 0.9,
  beta2 = 0.999,
  epsilon = 1e-8,
}: {
  readonly learningRate?: number;
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
} = {}): Optimizer {
  checkRate(learningRate);
  checkFraction("beta1", beta1);
  checkFraction("beta2", beta2);
  if (!(epsilon > 0 && epsilon < Infinity))
    throw new InvalidArgumentError("epsilon", "be positive and finite", epsilon);
  return {
    name: "Adam",
    start(count) {
      const [first, second] = [new Float64Array(count), new Float64Array(count)];
      let steps = 0;
      return {
        step(weights, gradient) {
          steps++;
          const [a, b] = [1 - beta1 ** steps, 1 - beta2 ** steps];
          for (let w = 0; w < count; w++) {
            const g = gradient[w]!;
            first[w] = beta1 * first[w]! + (1 - beta1) * g;
            second[w] = beta2 * second[w]! + (1 - beta2) * g * g;
            weights[w]! -= (learningRate * (first[w]! / a)) / (Math.sqrt(second[w]! / b) + epsilon);
          }
        },
      };
    },
  };
}

function checkRate(learningRate: number): void {
  if (!(learningRate > 0 && learningRate < Infinity)) {
    throw new InvalidArgumentError("learningRate", "be positive and finite", learningRate);
  }
}

function checkFraction(argument: string, value: number): void {
  if (!(value >= 0 && value < 1)) throw new InvalidArgumentError(argument, "be at least 0 and below 1", value);
}
