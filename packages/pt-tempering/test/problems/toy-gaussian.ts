import type { ReplicaGroup, ReplicaProblem } from "@siegert/log-density";
import { createRandom, Random } from "@siegert/random";

/**
 * The path from precision 1 to precision 10 in d dimensions, both without their constants, explored exactly. The state
 * is the squared radius, all that the statistic knows of a point.
 */
export function toyGaussian({ dim }: { readonly dim: number }): ReplicaProblem {
  return {
    dim: 1,
    createGroup({ seed, replicas }): ReplicaGroup {
      const randoms = replicas.map((replica) => createRandom(seed, "toy", replica));
      const squares = new Float64Array(replicas.length);
      return {
        size: replicas.length,
        explore({ betas, statistics }) {
          randoms.forEach((random, place) => {
            squares[place] = random.gamma(dim / 2, 2 / (1 + 9 * betas[place]!));
            statistics[place] = -4.5 * squares[place]!;
          });
        },
        readState(place, state) {
          state[0] = squares[place]!;
        },
        saveReplica: (place) => new TextEncoder().encode(JSON.stringify([squares[place], randoms[place]!.state()])),
        loadReplica(place, saved) {
          const [square, random] = JSON.parse(new TextDecoder().decode(saved));
          squares[place] = square;
          randoms[place] = Random.fromState(random);
        },
      };
    },
  };
}
