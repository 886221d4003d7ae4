/** What a node's update costs in block Gibbs sampling, and compressed rows against padded ones. */
import {
  type EnergyModel,
  energyModel,
  type GibbsProgram,
  gaussianModel,
  gibbsProgram,
  isingModel,
  lattice,
  pottsModel,
  randomRegularGraph,
  spinFactor,
  spinNodes,
} from "@siegert/block-gibbs";
import { createRandom } from "@siegert/random";
import { compare, medianMs } from "../measure.ts";
import type { BenchmarkCase } from "../suite.ts";
import { paddedSweep } from "./padded-rows.ts";

const NODES = 4096;

/** A graph in which one node in 64 has 40 neighbours more than the others, which have about 4. */
function hubs() {
  const edges = new Map<string, readonly [number, number]>();
  const add = (a: number, b: number) => {
    if (a !== b) edges.set(`${Math.min(a, b)} ${Math.max(a, b)}`, [Math.min(a, b), Math.max(a, b)]);
  };
  const random = createRandom(1, "hubs");
  for (let i = 0; i < NODES; i++) for (let k = 0; k < 2; k++) add(i, random.integer(NODES));
  for (let hub = 0; hub < NODES; hub += 64) for (let k = 0; k < 40; k++) add(hub, random.integer(NODES));
  return { nodes: NODES, edges: [...edges.values()] };
}

/** Normal couplings for a number of edges. */
function couplings(count: number): Float64Array {
  return createRandom(2, "couplings").fillNormal(new Float64Array(count));
}

function sweeper(program: GibbsProgram): (state: Float64Array, random: ReturnType<typeof createRandom>) => void {
  const memory = program.newMemory();
  return (state, random) => program.sweep(state, { beta: program.model.beta, random, memory, isWarmup: false });
}

function perUpdate(ms: number, model: EnergyModel): number {
  return (1e6 * ms) / model.nodes.length;
}

export async function* suite(): AsyncGenerator<BenchmarkCase> {
  const graphs = [
    ["lattice", lattice([64, 64]), "square lattice, degree 4"],
    ["degree15", randomRegularGraph(NODES, 15, 1), "random regular graph, degree 15"],
    ["hubs", hubs(), "degree about 4, one node in 64 with 40 more"],
  ] as const;
  for (const [name, graph, what] of graphs) {
    const count = graph.edges instanceof Int32Array ? graph.edges.length / 2 : graph.edges.length;
    const program = gibbsProgram({ model: isingModel({ ...graph, couplings: couplings(count), beta: 0.5 }) });
    const [compressed, padded] = [sweeper(program), paddedSweep(program)];
    const [a, b] = [new Float64Array(NODES).fill(1), new Float64Array(NODES).fill(1)];
    const [first, second] = [createRandom(3), createRandom(3)];
    const { subjectMs, baselineMs, ratio } = compare(
      () => compressed(a, first),
      () => padded(b, second),
    );
    yield {
      name: `spins-${name}`,
      value: perUpdate(subjectMs, program.model),
      unit: "ns",
      baseline: perUpdate(baselineMs, program.model),
      ratio,
      note: `per spin update, real couplings, ${what}; baseline: padded rows`,
    };
  }
  const square = lattice([64, 64]);
  const spins = spinNodes(NODES);
  const others: readonly (readonly [string, EnergyModel, string])[] = [
    ["potts-3-states", pottsModel({ ...square, states: 3 }), "Potts model with 3 states, square lattice"],
    ["gaussian", gaussianModel({ ...square, precisions: 5, couplings: -1 }), "Gaussian field, square lattice"],
    [
      "triplets",
      energyModel({
        nodes: spins,
        factors: [
          spinFactor({
            spins: [spins.slice(2), spins.slice(1, -1), spins.slice(0, -2)],
            weights: couplings(NODES - 2),
          }),
        ],
      }),
      "products of three spins in a row, through the general path",
    ],
  ];
  for (const [name, model, what] of others) {
    const program = gibbsProgram({ model });
    const state = new Float64Array(NODES).fill(name === "triplets" ? 1 : 0);
    const random = createRandom(3);
    const sweep = sweeper(program);
    const value = perUpdate(
      medianMs(() => sweep(state, random)),
      model,
    );
    yield { name, value, unit: "ns", baseline: null, ratio: null, note: `per node update, ${what}` };
  }
}
