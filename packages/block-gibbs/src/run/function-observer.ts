import { InvalidArgumentError } from "@siegert/errors";
import type { GibbsProgram } from "../program/gibbs-program.ts";
import type { Observer } from "./observer.ts";
import { shortened } from "./state-observer.ts";

/** Numbers that a function made of every draw. */
export interface ObservedNumbers {
  /** Row-major, (chain, draw, number). */
  readonly values: Float64Array;
  readonly chains: number;
  readonly draws: number;
  /** Numbers per draw. */
  readonly width: number;
}

/**
 * Keeps what a function writes for every draw: `width` numbers (default 1).
 *
 * @param observe writes into `out`, which is 0 before; the state is not to be changed or kept.
 * @throws {InvalidArgumentError} for what is no function, or a width that is not a positive integer.
 */
export function functionObserver(
  observe: (state: Float64Array, out: Float64Array, program: GibbsProgram) => void,
  width = 1,
): Observer<ObservedNumbers> {
  if (typeof observe !== "function") throw new InvalidArgumentError("observe", "be a function", observe);
  if (!(Number.isInteger(width) && width > 0)) throw new InvalidArgumentError("width", "be a positive integer", width);
  return {
    start(program, { chains, draws }) {
      const all = new Float64Array(chains * draws * width);
      return {
        record(chain, draw, state) {
          const from = (chain * draws + draw) * width;
          observe(state, all.subarray(from, from + width), program);
        },
        result: (done) => ({ values: shortened(all, chains, draws, done, width), chains, draws: done, width }),
      };
    },
  };
}
