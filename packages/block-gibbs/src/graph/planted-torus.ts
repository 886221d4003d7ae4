import { InvalidArgumentError } from "@siegert/errors";
import { createRandom } from "@siegert/random";
import type { EdgeGraph } from "./lattice.ts";

/** A spin glass whose least energy is known without searching. */
export interface PlantedSpinGlass extends EdgeGraph {
  /** Coupling of every edge, −1 or +1. */
  readonly couplings: Float64Array;
  /** Least possible value of V = −Σ J s s. */
  readonly groundEnergy: number;
  /** A state that has it, −1 or +1 of every node; others may have it too. */
  readonly groundState: Float64Array;
}

/**
 * A ±1 spin glass on a periodic square lattice that is frustrated everywhere, with its ground energy.
 *
 * Every edge belongs to exactly one of the squares that have the colour black on a chessboard of squares. One edge of
 * every black square is antiferromagnetic, three are ferromagnetic: no state satisfies more than three of the four, so
 * a square has at least energy −2; the state with all spins up has it in all squares at once. Hence the ground energy is
 * exactly −2 per black square, −size². A random gauge (s → g s, J → g J g) hides the state without changing an energy.
 *
 * Source of the construction (disjoint tiles that share a ground state): Hamze et al. (2018), From near to eternity:
 * spin-glass planting, tiling puzzles, and constraint-satisfaction problems, doi:10.1103/PhysRevE.97.043303.
 * @param size nodes along both axes, even, 4 or more. Node (row, column) has number row · size + column.
 * @param seed the same seed gives the same spin glass.
 * @throws {InvalidArgumentError} for another size.
 */
export function plantedTorus(size: number, seed: number): PlantedSpinGlass {
  if (!Number.isInteger(size) || size < 4 || size > 4096 || size % 2 !== 0) {
    throw new InvalidArgumentError("size", "be an even integer from 4 to 4096", size);
  }
  const random = createRandom(seed, "planted-torus");
  const nodes = size * size;
  const gauge = Float64Array.from({ length: nodes }, () => (random.integer(2) === 0 ? -1 : 1));
  const edges = new Int32Array(4 * nodes);
  const couplings = new Float64Array(2 * nodes);
  let e = 0;
  for (let row = 0; row < size; row++) {
    for (let column = row % 2; column < size; column += 2) {
      const below = (row + 1) % size;
      const right = (column + 1) % size;
      const corners = [row * size + column, row * size + right, below * size + right, below * size + column];
      const frustrated = random.integer(4);
      for (let side = 0; side < 4; side++, e++) {
        const a = corners[side]!;
        const b = corners[(side + 1) % 4]!;
        edges[2 * e] = Math.min(a, b);
        edges[2 * e + 1] = Math.max(a, b);
        couplings[e] = (side === frustrated ? -1 : 1) * gauge[a]! * gauge[b]!;
      }
    }
  }
  return { nodes, edges, couplings, groundEnergy: -nodes, groundState: gauge };
}
