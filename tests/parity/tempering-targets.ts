/** Targets with exact values on every rung of their paths, in a module that threads can load. */
import {
  type EnergyModel,
  energyModel,
  enumerateStates,
  gaussianNodes,
  isingModel,
  productFactor,
  quadraticFactor,
  spinFactor,
} from "@siegert/block-gibbs";
import { type IsingReplicaOptions, isingReplicas } from "@siegert/ising";
import type { LogDensity, ReplicaProblem } from "@siegert/log-density";

/** Address of this module. */
export const targetModule: string = import.meta.url;

const LOG_ROOT_2_PI = 0.5 * Math.log(2 * Math.PI);
const range = (n: number) => Array.from({ length: n }, (_, i) => i);

/** e^2.5 (0.3 N(−4, 0.5²) + 0.7 N(5, 1)), whose reference is N(0, 10²). */
export function bimodal(): LogDensity {
  const terms = (x: number) =>
    [Math.log(0.3 / 0.5) - 0.5 * ((x + 4) / 0.5) ** 2, Math.log(0.7) - 0.5 * (x - 5) ** 2] as const;
  const logDensity = ([x = 0]: Float64Array) => {
    const [a, b] = terms(x);
    const high = Math.max(a, b);
    return 2.5 - LOG_ROOT_2_PI + high + Math.log(Math.exp(a - high) + Math.exp(b - high));
  };
  return {
    dim: 1,
    logDensity,
    logDensityAndGradient(position, gradient) {
      const [x = 0] = position;
      const [a, b] = terms(x);
      const left = 1 / (1 + Math.exp(b - a));
      gradient[0] = -4 * (x + 4) * left - (x - 5) * (1 - left);
      return logDensity(position);
    },
  };
}

/** Exact values of the bimodal path: β, log Z, mean of log target − log reference, mean of x, P(x < 0). */
export const BIMODAL_RUNGS: readonly (readonly [number, number, number, number, number])[] = [
  [0, 0, -44.36114363135, 0, 0.5],
  [0.05, -0.44142263640047, -1.750469907226, 1.748117915449, 0.3894981397737],
  [0.5, 0.5887112785109, 3.519316484172, 2.071522182319, 0.3221583006721],
  [1, 2.5, 4.015039948511, 2.3, 0.3000002006561],
];

/** What is exact of a path by β: log Z, whose derivative is the mean of log target − log reference; means of functions. */
export interface ExactPath {
  readonly logZ: (beta: number) => number;
  /** That derivative at β = 0; undefined where the statistic has so long a tail there that standard errors say nothing. */
  readonly statisticOfReference: number | undefined;
  readonly means: Readonly<Record<string, readonly [(state: Float64Array) => number, (beta: number) => number]>>;
}

/** A funnel in 10 dimensions: a switch b, its neck v ~ N(±1.5, 1) by the switch, and x₁ … x₈ ~ N(0, e^v). */
export const FUNNEL = { share: 0.3, shift: 1.5, neckSd: 2, widthSd: 2, widths: 8 };

export function funnel(): LogDensity {
  const { share, shift, widths } = FUNNEL;
  const logDensity = (position: Float64Array) => {
    const [b = 0, v = 0] = position;
    let squares = 0;
    for (let i = 0; i < widths; i++) squares += position[2 + i]! ** 2;
    const neck = Math.log(b === 1 ? share : 1 - share) - 0.5 * (v - (b === 1 ? shift : -shift)) ** 2;
    return neck - 0.5 * squares * Math.exp(-v) - 0.5 * widths * v - (widths + 1) * LOG_ROOT_2_PI;
  };
  return {
    dim: 2 + widths,
    logDensity,
    logDensityAndGradient(position, gradient) {
      const [b = 0, v = 0] = position;
      const precision = Math.exp(-v);
      let squares = 0;
      for (let i = 0; i < widths; i++) {
        squares += position[2 + i]! ** 2;
        gradient[2 + i] = -precision * position[2 + i]!;
      }
      gradient[0] = 0;
      gradient[1] = (b === 1 ? shift : -shift) - v + 0.5 * squares * precision - 0.5 * widths;
      return logDensity(position);
    },
  };
}

/** The path from coin × N(0, 2²) … to the funnel: all but v integrate in closed form, v by the trapezoidal rule. */
export function funnelPath(): ExactPath {
  const { share, shift, neckSd, widthSd, widths } = FUNNEL;
  const step = 0.01;
  const grid = range(4001).map((k) => (k - 2000) * step);
  const integrate = (beta: number, f: (b: number, v: number) => number) => {
    let sum = 0;
    for (const b of [0, 1]) {
      const chance = (1 - beta) * Math.log(0.5) + beta * Math.log(b === 1 ? share : 1 - share);
      for (const v of grid) {
        const reference = -0.5 * (v / neckSd) ** 2 - Math.log(neckSd) - LOG_ROOT_2_PI;
        const neck = -0.5 * (v - (b === 1 ? shift : -shift)) ** 2 - LOG_ROOT_2_PI;
        const precision = (1 - beta) / widthSd ** 2 + beta * Math.exp(-v);
        const width = -0.5 * Math.log(precision) - (1 - beta) * Math.log(widthSd) - 0.5 * beta * v;
        sum += step * f(b, v) * Math.exp(chance + (1 - beta) * reference + beta * neck + widths * width);
      }
    }
    return sum;
  };
  const mean = (f: (b: number, v: number, beta: number) => number) => (beta: number) =>
    integrate(beta, (b, v) => f(b, v, beta)) / integrate(beta, () => 1);
  const variance = (_: number, v: number, beta: number) => 1 / ((1 - beta) / widthSd ** 2 + beta * Math.exp(-v));
  return {
    logZ: (beta) => Math.log(integrate(beta, () => 1)),
    // x² e^−v with v normal of sd 2: a log-normal number.
    statisticOfReference: undefined,
    means: {
      b: [([b = 0]) => b, mean((b) => b)],
      v: [([, v = 0]) => v, mean((_, v) => v)],
      "v²": [([, v = 0]) => v * v, mean((_, v) => v * v)],
      "x²": [(state) => state[2]! ** 2, mean(variance)],
      "|x| < 0.3": [
        (state) => (Math.abs(state[5]!) < 0.3 ? 1 : 0),
        mean((b, v, beta) => 2 * normalBelow(0.3 / Math.sqrt(variance(b, v, beta))) - 1),
      ],
    },
  };
}

/** P(z < x) for x > 0, by Simpson's rule. */
function normalBelow(x: number): number {
  const end = Math.min(x, 12);
  const n = 64;
  const density = (z: number) => Math.exp(-0.5 * z * z - LOG_ROOT_2_PI);
  const sum = range(n + 1).reduce(
    (total, k) => total + (k === 0 || k === n ? 1 : k % 2 === 1 ? 4 : 2) * density((end * k) / n),
    0,
  );
  return 0.5 + (sum * end) / (3 * n);
}

/** A ring of spins, four of which pull at a real number each: s in the first six numbers, x in the last four. */
export const PULLED = { spins: 6, reals: 4, coupling: 0.6, pull: 1.5, precision: 2, referenceSd: 1.5 };
const RING = range(PULLED.spins).map((i) => [i, (i + 1) % PULLED.spins] as const);

/** Its energy model: V = −J Σ s s' − h Σ s x + ½ p Σ x². */
export function pulledModel(): EnergyModel {
  const { spins, reals, coupling, pull, precision } = PULLED;
  const { nodes } = isingModel({ nodes: spins, edges: RING });
  const xs = gaussianNodes(reals);
  const endsOf = (end: 0 | 1) => RING.map((edge) => nodes[edge[end]]!);
  return energyModel({
    nodes: [...nodes, ...xs],
    factors: [
      spinFactor({ spins: [endsOf(0), endsOf(1)], weights: Array<number>(RING.length).fill(coupling) }),
      quadraticFactor({ nodes: xs, precisions: Array<number>(reals).fill(precision) }),
      productFactor({ spins: [nodes.slice(0, reals)], reals: [xs], weights: Array<number>(reals).fill(pull) }),
    ],
  });
}

/** Spins are booleans to the path, ±1 to the model. */
export function toModelState(position: Float64Array): Float64Array {
  return position.map((value, i) => (i < PULLED.spins ? 2 * value - 1 : value));
}

export function pulledSpins(): LogDensity {
  const { spins, reals, pull, precision } = PULLED;
  const model = pulledModel();
  const logDensity = (position: Float64Array) => -model.energy(toModelState(position));
  return {
    dim: spins + reals,
    logDensity,
    logDensityAndGradient(position, gradient) {
      gradient.fill(0);
      for (let j = 0; j < reals; j++) {
        gradient[spins + j] = pull * (2 * position[j]! - 1) - precision * position[spins + j]!;
      }
      return logDensity(position);
    },
  };
}

/** The path from coins × normal laws: as s² = 1 the spins alone are the ring at β, and x given s is normal. */
export function pulledPath(): ExactPath {
  const { spins, reals, coupling, pull, precision, referenceSd } = PULLED;
  const ring = enumerateStates(isingModel({ nodes: spins, edges: RING, couplings: coupling }));
  const of = (beta: number) => (1 - beta) / referenceSd ** 2 + beta * precision;
  return {
    logZ(beta) {
      const x =
        (beta * pull) ** 2 / (2 * of(beta)) +
        LOG_ROOT_2_PI -
        0.5 * Math.log(of(beta)) -
        (1 - beta) * (Math.log(referenceSd) + LOG_ROOT_2_PI);
      return ring.at(beta).logZ - spins * (1 - beta) * Math.LN2 + reals * x;
    },
    statisticOfReference:
      spins * Math.LN2 + reals * (0.5 + Math.log(referenceSd) + LOG_ROOT_2_PI - 0.5 * precision * referenceSd ** 2),
    means: {
      "s0 s1": [([a = 0, b = 0]) => (2 * a - 1) * (2 * b - 1), (beta) => ring.mean(([a = 0, b = 0]) => a * b, beta)],
      "s0 s3": [
        (state) => (2 * state[0]! - 1) * (2 * state[3]! - 1),
        (beta) => ring.mean((state) => state[0]! * state[3]!, beta),
      ],
      s5: [(state) => 2 * state[5]! - 1, () => 0],
      "s1 x1": [(state) => (2 * state[1]! - 1) * state[spins + 1]!, (beta) => (beta * pull) / of(beta)],
      "x2²": [(state) => state[spins + 2]! ** 2, (beta) => 1 / of(beta) + ((beta * pull) / of(beta)) ** 2],
      "x0 x3": [
        (state) => state[spins]! * state[spins + 3]!,
        (beta) => ((beta * pull) / of(beta)) ** 2 * ring.mean((state) => state[0]! * state[3]!, beta),
      ],
    },
  };
}

/** An Ising problem whose energy breaks in the given scan for one replica. */
export function breakingLattice(options: {
  readonly model: IsingReplicaOptions;
  readonly replica: number;
  readonly explorations: number;
  readonly statistic: number;
}): ReplicaProblem {
  const sound = isingReplicas(options.model);
  return {
    dim: sound.dim,
    createGroup(identity) {
      const group = sound.createGroup(identity);
      const place = identity.replicas.indexOf(options.replica);
      let explorations = 0;
      return {
        size: group.size,
        explore(step) {
          group.explore(step);
          if (++explorations === options.explorations && place >= 0) step.statistics[place] = options.statistic;
        },
        readState: (at, state) => group.readState(at, state),
        saveReplica: (at) => group.saveReplica(at),
        loadReplica: (at, saved) => group.loadReplica(at, saved),
      };
    },
  };
}
