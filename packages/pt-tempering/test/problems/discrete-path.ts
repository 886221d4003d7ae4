import type { ReplicaGroup, ReplicaProblem } from "@siegert/log-density";
import { createRandom, Random } from "@siegert/random";

/** A path on finitely many states, of which everything can be summed exactly. */
export interface DiscretePath {
  /** Weight of every state under the reference of each leg. */
  readonly references: readonly (readonly number[])[];
  /** Statistic of every state for each leg: log target − log reference. */
  readonly statistics: readonly (readonly number[])[];
  /** Probability that a step draws anew from the rung's law; else the state stays. Default 1: independent draws. */
  readonly refresh?: number;
}

/** Law of the states at β, mean energy (−statistic), its variance, and log Z; counting weights as they are. */
export function exactRung({ references, statistics }: DiscretePath, beta: number, leg = 0) {
  const reference = references[leg]!;
  const logs = statistics[leg]!.map((s, k) => Math.log(reference[k]!) + (beta === 0 ? 0 : beta * s));
  const highest = logs.reduce((a, b) => Math.max(a, b), -Infinity);
  const weights = logs.map((log) => Math.exp(log - highest));
  const total = weights.reduce((sum, w) => sum + w, 0);
  const law = weights.map((w) => w / total);
  const mean = (f: (s: number) => number) =>
    law.reduce((sum, p, k) => (p > 0 ? sum + p * f(statistics[leg]![k]!) : sum), 0);
  const meanEnergy = -mean((s) => s);
  return { law, meanEnergy, variance: mean((s) => (s + meanEnergy) ** 2), logZ: highest + Math.log(total) };
}

/** Exact mean acceptance probability of an exchange between two rungs of a leg, by sorting: O(n log n) states. */
export function exactAcceptance(path: DiscretePath, betaI: number, betaJ: number, leg = 0): number {
  const p = exactRung(path, betaI, leg).law;
  const q = exactRung(path, betaJ, leg).law;
  const s = path.statistics[leg]!;
  let sum = 0;
  for (let i = 0; i < p.length; i++) {
    if (p[i]! === 0) continue;
    for (let j = 0; j < q.length; j++) {
      if (q[j]! > 0) sum += p[i]! * q[j]! * Math.min(1, Math.exp((betaI - betaJ) * (s[j]! - s[i]!)));
    }
  }
  return sum;
}

/**
 * The problem whose state is the number of a discrete state. Exploration draws it from the exact law of the rung, or
 * stays: an explorer without any error of its own.
 */
export function discreteProblem(path: DiscretePath): ReplicaProblem {
  const { references, statistics, refresh = 1 } = path;
  const tables = new Map<string, Float64Array>();
  const cumulated = (beta: number, leg: number): Float64Array => {
    const key = `${leg} ${beta}`;
    const known = tables.get(key);
    if (known) return known;
    let sum = 0;
    const table = Float64Array.from(exactRung(path, beta, leg).law, (p) => (sum += p));
    tables.set(key, table);
    return table;
  };
  return {
    dim: 1,
    names: ["state"],
    legs: references.length,
    tallies: ["moves"],
    createGroup({ seed, replicas }): ReplicaGroup {
      const randoms = replicas.map((replica) => createRandom(seed, "discrete", replica));
      const states = Int32Array.from(randoms, (random) => random.categorical(references[0]!));
      return {
        size: replicas.length,
        explore(step) {
          for (let place = 0; place < states.length; place++) {
            const random = randoms[place]!;
            const leg = step.legs[place]!;
            if (refresh === 1 || random.uniform() < refresh) {
              states[place] = find(cumulated(step.betas[place]!, leg), random.uniform());
              step.tallies[step.chains[place]!] = step.tallies[step.chains[place]!]! + 1;
            }
            statistics.forEach((one, k) => {
              step.statistics[place * statistics.length + k] = one[states[place]!]!;
            });
          }
        },
        readState(place, state) {
          state[0] = states[place]!;
        },
        saveReplica: (place) =>
          new TextEncoder().encode(JSON.stringify({ state: states[place], random: randoms[place]!.state() })),
        loadReplica(place, saved) {
          const { state, random } = JSON.parse(new TextDecoder().decode(saved));
          states[place] = state;
          randoms[place] = Random.fromState(random);
        },
      };
    },
  };
}

/** First entry above u. */
function find(cumulated: Float64Array, u: number): number {
  const wanted = u * cumulated.at(-1)!;
  let low = 0;
  let high = cumulated.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cumulated[middle]! > wanted) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** An energy model by its density of states. */
export function levelsPath(counts: Readonly<Record<string, number>>): DiscretePath {
  const energies = Object.keys(counts).map(Number);
  return { references: [Object.values(counts)], statistics: [energies.map((energy) => 0 - energy)] };
}
