import type { ReplicaGroup, ReplicaProblem } from "@siegert/log-density";
import { createRandom, Random } from "@siegert/random";

/** An energy model by its density of states: how many states have each energy. */
export interface Levels {
  readonly energies: readonly number[];
  readonly counts: readonly number[];
  /** Probability that a step draws anew from the rung's law; else it stays. Default 1: independent draws. */
  readonly refresh?: number;
}

/** Exact sums over the states of a model at β. */
export function exactLevels({ energies, counts }: Levels, beta: number) {
  const lowest = Math.min(...energies);
  const weights = energies.map((energy, k) => counts[k]! * Math.exp(-beta * (energy - lowest)));
  const total = weights.reduce((sum, w) => sum + w, 0);
  const probabilities = weights.map((w) => w / total);
  const meanEnergy = energies.reduce((sum, energy, k) => sum + energy * probabilities[k]!, 0);
  return { probabilities, meanEnergy, logZ: Math.log(total) - beta * lowest };
}

/** Exact mean acceptance probability of an exchange between two rungs. */
export function exactAcceptance(levels: Levels, betaI: number, betaJ: number): number {
  const p = exactLevels(levels, betaI).probabilities;
  const q = exactLevels(levels, betaJ).probabilities;
  let sum = 0;
  levels.energies.forEach((a, i) => {
    levels.energies.forEach((b, j) => {
      sum += p[i]! * q[j]! * Math.min(1, Math.exp((betaI - betaJ) * (a - b)));
    });
  });
  return sum;
}

/**
 * The problem whose state is the number of a level. Exploration draws the level from the exact law of the rung, or
 * stays: an explorer without any error of its own.
 */
export function levelsProblem(levels: Levels): ReplicaProblem {
  const { energies, counts, refresh = 1 } = levels;
  return {
    dim: 1,
    names: ["level"],
    tallies: ["moves"],
    createGroup({ seed, replicas }): ReplicaGroup {
      const randoms = replicas.map((replica) => createRandom(seed, "levels", replica));
      const states = Int32Array.from(randoms, (random) => random.integer(energies.length));
      const tables = new Map<number, number[]>();
      const table = (beta: number) => {
        const known = tables.get(beta) ?? exactLevels(levels, beta).probabilities;
        tables.set(beta, known);
        return known;
      };
      return {
        size: replicas.length,
        explore({ betas, chains, statistics, tallies }) {
          for (let place = 0; place < states.length; place++) {
            const random = randoms[place]!;
            if (random.uniform() < refresh) {
              let left = random.uniform();
              const probabilities = table(betas[place]!);
              let level = 0;
              while (level + 1 < counts.length && left >= probabilities[level]!) left -= probabilities[level++]!;
              states[place] = level;
              tallies[chains[place]!] = tallies[chains[place]!]! + 1;
            }
            statistics[place] = -energies[states[place]!]!;
          }
        },
        readState(place, state) {
          state[0] = states[place]!;
        },
        saveReplica: (place) =>
          new TextEncoder().encode(JSON.stringify({ level: states[place], random: randoms[place]!.state() })),
        loadReplica(place, saved) {
          const { level, random } = JSON.parse(new TextDecoder().decode(saved));
          states[place] = level;
          randoms[place] = Random.fromState(random);
        },
      };
    },
  };
}

/** Ising model on the 4 × 4 torus. */
export const ISING_4X4: Levels = {
  energies: [-32, -24, -20, -16, -12, -8, -4, 0, 4, 8, 12, 16, 20, 24, 32],
  counts: [2, 32, 64, 424, 1728, 6688, 13568, 20524, 13568, 6688, 1728, 424, 64, 32, 2],
};

/** Potts model with three states on the 3 × 3 torus. */
export const POTTS_3X3: Levels = {
  energies: [-18, -14, -12, -11, -10, -9, -8, -7, -6, -5, -4, -3, -2, 0],
  counts: [3, 54, 144, 108, 810, 660, 2592, 3240, 3348, 3996, 3240, 936, 540, 12],
};
