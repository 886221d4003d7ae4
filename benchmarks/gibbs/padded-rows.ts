/**
 * The other way to lay out pairwise factors: every node has as many places as the one with most neighbours, and those that
 * it does not need have weight 0. This is how array languages have to do it; here it is measured against compressed
 * rows.
 */
import type { GibbsProgram, IsingModel } from "@siegert/block-gibbs";
import type { Random } from "@siegert/random";

interface PaddedBlock {
  readonly width: number;
  readonly bias: Float64Array;
  /** (node, place): where the neighbour's value is in a state, and the weight. */
  readonly at: Int32Array;
  readonly weight: Float64Array;
  readonly places: Int32Array;
  readonly out: Float64Array;
}

/** One sweep of an Ising model's program by padded rows; the same draws as the program's own sweep. */
export function paddedSweep(program: GibbsProgram): (state: Float64Array, random: Random) => void {
  const model = program.model as IsingModel;
  const { edges, couplings, fields } = model;
  const neighbours: number[][] = model.nodes.map(() => []);
  const weights: number[][] = model.nodes.map(() => []);
  for (let e = 0; e < couplings.length; e++) {
    const [a, b] = [edges[2 * e]!, edges[2 * e + 1]!];
    neighbours[a]!.push(b);
    neighbours[b]!.push(a);
    weights[a]!.push(couplings[e]!);
    weights[b]!.push(couplings[e]!);
  }
  const blocks = program.steps.flat().map(({ places }): PaddedBlock => {
    const width = places.reduce((most, i) => Math.max(most, neighbours[i]!.length), 0);
    const at = new Int32Array(width * places.length);
    const weight = new Float64Array(width * places.length);
    for (const [b, i] of places.entries()) {
      at.set(neighbours[i]!, b * width);
      weight.set(weights[i]!, b * width);
    }
    const bias = Float64Array.from(places, (i) => fields[i]!);
    return { width, bias, at, weight, places, out: new Float64Array(places.length) };
  });
  const scale = -2 * model.beta;
  return (state, random) => {
    for (const block of blocks) sweepBlock(block, state, scale, random);
  };
}

function sweepBlock(block: PaddedBlock, state: Float64Array, scale: number, random: Random): void {
  const { width, bias, at, weight, places, out } = block;
  for (let b = 0; b < places.length; b++) {
    let gamma = bias[b]!;
    for (let p = b * width, end = p + width; p < end; p++) gamma += weight[p]! * state[at[p]!]!;
    const threshold = 2 ** 32 / (1 + Math.exp(scale * gamma));
    const word = random.uint32();
    if (word + 1 <= threshold) out[b] = 1;
    else if (word >= threshold) out[b] = -1;
    else out[b] = random.uniform() < threshold - word ? 1 : -1;
  }
  for (let b = 0; b < places.length; b++) state[places[b]!] = out[b]!;
}
