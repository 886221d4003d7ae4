import { energy } from "../compiled/compiled-graph.ts";
import type { Observer } from "./observer.ts";
import { shortened } from "./state-observer.ts";

/** Base energies V at every draw, (chain, draw), as diagnostics take them. */
export interface ObservedEnergies {
  readonly values: Float64Array;
  readonly chains: number;
  readonly draws: number;
}

/** Keeps the base energy V of every draw; the energy of the law is β V. */
export function energyObserver(): Observer<ObservedEnergies> {
  return {
    start({ model }, { chains, draws }) {
      const all = new Float64Array(chains * draws);
      return {
        record(chain, draw, state) {
          all[chain * draws + draw] = energy(model.graph, state);
        },
        result: (done) => ({ values: shortened(all, chains, draws, done, 1), chains, draws: done }),
      };
    },
  };
}
