import { createHash } from "node:crypto";
import { lattice, portableGibbs, pottsModel } from "@siegert/block-gibbs";
import { InvalidArgumentError } from "@siegert/errors";
import { isingReplicas } from "@siegert/ising";
import type { TemperedProblem } from "@siegert/pt-tempering";
import { createRandom } from "@siegert/random";
import { ModelFileError } from "./model-file-error.ts";
import type { BoltzmannSpec, LatticeSpec, ModelSpec } from "./model-schema.ts";
import type { TemperedModel } from "./tempered-model.ts";
import { userProblem } from "./user-module.ts";

/**
 * Makes a model file's model ready to run.
 * @throws {ModelFileError} for nodes that do not exist, numbers that are too few, or a module that is no model.
 */
export async function buildModel(spec: ModelSpec, path: string): Promise<TemperedModel> {
  const fingerprint = createHash("sha256").update(JSON.stringify(spec)).digest("hex").slice(0, 16);
  try {
    return { ...(await built(spec, path)), fingerprint };
  } catch (error) {
    // What the packages say of an argument is about a key of the file.
    if (!(error instanceof InvalidArgumentError)) throw error;
    throw new ModelFileError(path, [{ key: "", message: error.message }]);
  }
}

async function built(spec: ModelSpec, path: string): Promise<Omit<TemperedModel, "fingerprint">> {
  if (spec.model === "module") {
    const problem: TemperedProblem = await userProblem(spec, path);
    return { problem, beta: 1, logReference: 0, title: `Module ${spec.module}`, isDiscrete: false };
  }
  if (spec.model === "rbm") return boltzmannMachine(spec, path);
  const graph = graphOf(spec, path);
  const common = { beta: spec.beta, isDiscrete: true };
  if (spec.model === "potts") {
    const { states, field = 0 } = spec;
    const model = pottsModel({
      nodes: graph.nodes,
      states,
      edges: graph.edges,
      couplings: graph.couplings,
      fields: field,
    });
    const title = `Potts model of ${states} states, ${graph.title}`;
    return {
      ...common,
      problem: portableGibbs({ model }),
      logReference: graph.nodes * Math.log(states),
      title,
    };
  }
  const fields = spec.field;
  if (typeof fields !== "number" && fields.length !== graph.nodes) {
    throw new ModelFileError(path, [
      { key: "field", message: `must be one number, or ${graph.nodes}: one for each node` },
    ]);
  }
  const plain = planeLattice(spec);
  const problem = isingReplicas(
    plain ?? { nodes: graph.nodes, edges: graph.edges, couplings: graph.couplings, fields },
  ).portable();
  return { ...common, problem, logReference: graph.nodes * Math.LN2, title: `Ising model, ${graph.title}` };
}

/** A square lattice with one coupling and one field, for which there are faster kernels. */
function planeLattice({
  lattice: given,
  coupling,
  ...spec
}: Extract<ModelSpec, { readonly model: "ising" }>):
  | { lattice: { size: readonly [number, number]; periodic: boolean }; coupling: number; field: number }
  | undefined {
  const [height, width, ...more] = given?.size ?? [];
  if (given === undefined || height === undefined || width === undefined || more.length > 0) return undefined;
  if (typeof coupling !== "number" || typeof spec.field !== "number") return undefined;
  if (given.periodic && Math.min(height, width) < 3) return undefined;
  return { lattice: { size: [height, width], periodic: given.periodic }, coupling, field: spec.field };
}

interface NamedGraph {
  readonly nodes: number;
  readonly edges: Int32Array;
  readonly couplings: Float64Array;
  readonly title: string;
}

function graphOf(spec: LatticeSpec, path: string): NamedGraph {
  if (spec.lattice !== undefined) {
    const { size, periodic } = spec.lattice;
    const { nodes, edges } = lattice(size, { periodic });
    const title = `${size.join(" × ")} ${periodic ? "torus" : "lattice with open edges"}`;
    return { nodes, edges, couplings: couplingsOf(spec.coupling, edges.length / 2), title };
  }
  const names = typeof spec.nodes === "number" ? undefined : namesOf(spec.nodes!, path);
  const nodes = names?.size ?? (spec.nodes as number);
  const given = spec.edges!;
  const edges = new Int32Array(2 * given.length);
  const couplings = couplingsOf(spec.coupling, given.length);
  given.forEach(([from, to, coupling], k) => {
    edges[2 * k] = nodeNumber(from, k, nodes, names, path);
    edges[2 * k + 1] = nodeNumber(to, k, nodes, names, path);
    if (coupling !== undefined) couplings[k] = coupling;
  });
  return { nodes, edges, couplings, title: `graph of ${nodes} nodes and ${given.length} edges` };
}

/** @throws {ModelFileError} for a name that is there twice. */
function namesOf(nodes: readonly (number | string)[], path: string): ReadonlyMap<number | string, number> {
  const names = new Map(nodes.map((name, k) => [name, k]));
  if (names.size === nodes.length) return names;
  const twice = nodes.find((name, k) => names.get(name) !== k);
  throw new ModelFileError(path, [{ key: "nodes", message: `names node ${twice} twice` }]);
}

function nodeNumber(
  node: number | string,
  edge: number,
  nodes: number,
  names: ReadonlyMap<number | string, number> | undefined,
  path: string,
): number {
  const number = names === undefined ? Number(node) : names.get(node);
  if (number !== undefined && Number.isInteger(number) && number >= 0 && number < nodes) return number;
  const known = names === undefined ? `0 to ${nodes - 1}` : `${[...names.keys()].slice(0, 8).join(", ")}, …`;
  throw new ModelFileError(path, [{ key: `edges.${edge}`, message: `unknown node ${node}; nodes are ${known}` }]);
}

function couplingsOf(coupling: LatticeSpec["coupling"], count: number): Float64Array {
  if (typeof coupling === "number") return new Float64Array(count).fill(coupling);
  const random = createRandom(coupling.seed, "couplings");
  const isSign = coupling.random === "signs";
  const draw = () => (isSign ? (random.uniform() < 0.5 ? -1 : 1) : random.normal());
  return Float64Array.from({ length: count }, () => coupling.scale * draw());
}

/** Visible nodes first, then hidden ones. */
function boltzmannMachine(
  { weights, visibleBias, hiddenBias, beta }: BoltzmannSpec,
  path: string,
): Omit<TemperedModel, "fingerprint"> {
  const [visible, hidden] = [weights.length, weights[0]!.length];
  const biases = (key: string, bias: number | readonly number[], count: number): readonly number[] => {
    if (typeof bias === "number") return Array<number>(count).fill(bias);
    if (bias.length === count) return bias;
    throw new ModelFileError(path, [{ key, message: `must be one number, or ${count}: one for each node` }]);
  };
  const edges = weights.flatMap((row, i) => row.map((weight, j) => [i, visible + j, weight]));
  const fields = [...biases("visibleBias", visibleBias, visible), ...biases("hiddenBias", hiddenBias, hidden)];
  return {
    problem: isingReplicas({ nodes: visible + hidden, edges, fields }).portable(),
    beta,
    logReference: (visible + hidden) * Math.LN2,
    title: `Restricted Boltzmann machine, ${visible} visible and ${hidden} hidden units`,
    isDiscrete: true,
  };
}
