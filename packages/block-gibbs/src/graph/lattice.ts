import { InvalidArgumentError } from "@siegert/errors";
import { checkNodeCount } from "./edges.ts";

/** A graph by its edges: edge e joins `edges[2 e]` and `edges[2 e + 1]`. */
export interface EdgeGraph {
  readonly nodes: number;
  readonly edges: Int32Array;
}

/** What a lattice looks like beyond its size. */
export interface LatticeOptions {
  /** Whether the last node along an axis is joined to the first, for all axes or each. Default true. */
  readonly periodic?: boolean | readonly boolean[];
  /** Distances along an axis at which nodes are joined. Default [1], the nearest neighbours. */
  readonly jumps?: readonly number[];
}

/**
 * A lattice of any dimension. The node at (x₀, x₁, …) has number (x₀ · size₁ + x₁) · size₂ + …; edges come node by
 * node, axis by axis, jump by jump. Two nodes are joined once at most, also where a short periodic axis would join
 * them twice (a periodic axis of size 2 has one bond, not two).
 * @param size nodes along every axis.
 * @throws {InvalidArgumentError} for sizes or jumps that are no positive integers, or `periodic` of another length.
 */
export function lattice(size: readonly number[], options: LatticeOptions = {}): EdgeGraph {
  const { periodic = true, jumps = [1] } = options;
  if (size.length === 0) throw new InvalidArgumentError("size", "have at least one axis", size);
  for (const [axis, length] of size.entries()) checkPositive(`size[${axis}]`, length);
  for (const [j, jump] of jumps.entries()) checkPositive(`options.jumps[${j}]`, jump);
  if (typeof periodic !== "boolean" && periodic.length !== size.length) {
    throw new InvalidArgumentError("options.periodic", `have ${size.length} entries`, periodic);
  }
  const nodes = size.reduce((product, length) => product * length, 1);
  checkNodeCount(nodes);
  const axes = size.map((length, axis) => {
    const wraps = typeof periodic === "boolean" ? periodic : periodic[axis]!;
    const stride = size.slice(axis + 1).reduce((product, next) => product * next, 1);
    return { length, wraps, stride, jumps: distinctJumps(jumps, length, wraps) };
  });
  const edges: number[] = [];
  for (let node = 0; node < nodes; node++) {
    for (const { length, wraps, stride, jumps } of axes) {
      const x = Math.floor(node / stride) % length;
      for (const jump of jumps) {
        const ahead = x + jump;
        if (ahead < length) edges.push(node, node + jump * stride);
        else if (wraps && 2 * jump !== length) edges.push(node, node + (jump - length) * stride);
      }
    }
  }
  return { nodes, edges: Int32Array.from(edges) };
}

/** Jumps that differ on an axis, ascending; on a periodic axis d and length − d are the same. */
function distinctJumps(jumps: readonly number[], length: number, wraps: boolean): number[] {
  const folded = jumps.map((jump) => (wraps ? Math.min(jump % length, length - (jump % length)) : jump));
  return [...new Set(folded)].filter((jump) => jump > 0 && jump < length).sort((a, b) => a - b);
}

function checkPositive(argument: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new InvalidArgumentError(argument, "be an integer, 1 or more", value);
  }
}
