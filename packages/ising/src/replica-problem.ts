/** Ising models as problems for parallel tempering. */
import { InvalidArgumentError } from "@siegert/errors";
import type {
  ExplorationStep,
  PortableReplicaProblem,
  ReplicaGroup,
  ReplicaIdentity,
  ReplicaProblem,
} from "@siegert/log-density";
import type { SpinEngine } from "./engine.ts";
import { indexAddress } from "./index-address.ts";
import { checkColouring, colourNodes } from "./model/colouring.ts";
import { checkLattice, type IsingModel, isLattice, spinGraph } from "./model/ising-model.ts";
import { checkBeta, checkSeed, checkSweeps, type UpdateOptions, updateOptions } from "./options.ts";
import { createEngine, formOf, type KernelForm } from "./select-engine.ts";

/** A model, and how a replica of it moves. */
export type IsingReplicaOptions = IsingModel &
  UpdateOptions & {
    /** Sweeps per exploration step. Default 1. */
    readonly sweepsPerStep?: number;
    /** Another kernel than the fastest, if the model has the shape for it. */
    readonly form?: KernelForm;
    /** A colour of every node, no edge between equals, for the forms that need colours. Default: found by DSATUR. */
    readonly colours?: ArrayLike<number>;
  };

/** A tempered Ising model. */
export interface IsingReplicas extends ReplicaProblem {
  readonly form: KernelForm;
  /** Which kernel runs, in words. */
  describe(): string;
  /** The same problem as plain data, for other threads. */
  portable(): PortableReplicaProblem;
}

/**
 * The path π_β ∝ exp(−β V) of an Ising model, whose reference (β = 0) is independent fair coins and whose statistic is
 * s = −V. At β = 0 heat bath draws every spin anew, independent of all others. Each replica has a random stream named by
 * (seed, replica), and the kernel depends on the model alone, so grouping changes no bit.
 * @throws {InvalidArgumentError} for a model or option that is not usable.
 */
export function isingReplicas(options: IsingReplicaOptions): IsingReplicas {
  const { sweepsPerStep = 1, form } = options;
  checkSweeps("sweepsPerStep", sweepsPerStep);
  if (sweepsPerStep === 0) throw new InvalidArgumentError("sweepsPerStep", "be at least 1", sweepsPerStep);
  const update = updateOptions(options);
  if (update.kernel === "metropolis") {
    throw new InvalidArgumentError("kernel", 'be "heat-bath" for tempering, which reaches β = 0', update.kernel);
  }
  const chosen = form ?? formOf(options);
  const nodes = isLattice(options) ? checkLattice(options) : spinGraph(options).nodes;
  const used = coloursFor(options, chosen);
  const create = (seed: number, replicas: readonly number[]) =>
    createEngine(options, { ...update, seed, replicas }, chosen, used);
  const description = create(0, [0]).describe();
  return {
    dim: nodes,
    form: chosen,
    describe: () => description,
    portable: () => portableIsing(options),
    createGroup({ seed, replicas }: ReplicaIdentity): ReplicaGroup {
      checkSeed(seed);
      checkReplicas(replicas);
      return new IsingGroup(create(seed, replicas), nodes, sweepsPerStep);
    },
  };
}

/**
 * The problem of a model as plain data that other threads can be sent: this package's `isingReplicas` and its argument.
 * @throws {InvalidArgumentError} for a model or option that is not usable.
 */
export function portableIsing(options: IsingReplicaOptions): PortableReplicaProblem {
  updateOptions(options);
  spinGraph(options);
  return { kind: "module", module: indexAddress(), export: "isingReplicas", argument: options };
}

/** Colours that the kernel needs, found once for all groups. */
function coloursFor(options: IsingReplicaOptions, form: KernelForm): ArrayLike<number> | undefined {
  const { colours } = options;
  if (form === "wide-lattice" && !colours) return undefined;
  const graph = spinGraph(options);
  if (colours) checkColouring(graph, colours);
  return colours ?? colourNodes(graph);
}

function checkReplicas(replicas: readonly number[]): void {
  replicas.forEach((replica, place) => {
    const before = place === 0 ? -1 : replicas[place - 1]!;
    if (!(Number.isSafeInteger(replica) && replica > before)) {
      throw new InvalidArgumentError(`replicas[${place}]`, "be an integer above the one before it", replica);
    }
  });
  if (replicas.length === 0) throw new InvalidArgumentError("replicas", "name at least one replica", replicas);
}

class IsingGroup implements ReplicaGroup {
  readonly size: number;
  readonly #engine: SpinEngine;
  readonly #dim: number;
  readonly #sweeps: number;

  constructor(engine: SpinEngine, dim: number, sweeps: number) {
    this.#engine = engine;
    this.size = engine.size;
    this.#dim = dim;
    this.#sweeps = sweeps;
  }

  explore({ betas, statistics }: ExplorationStep): void {
    for (let place = 0; place < this.size; place++) checkBeta(`betas[${place}]`, betas[place]!, "heat-bath");
    this.#engine.sweep(betas, this.#sweeps);
    this.#engine.energies(statistics);
    for (let place = 0; place < this.size; place++) statistics[place] = 0 - statistics[place]!;
  }

  readState(place: number, state: Float64Array): void {
    this.#checkPlace(place);
    if (state.length !== this.#dim) throw new InvalidArgumentError("state", `have ${this.#dim} entries`, state);
    this.#engine.readSpins(place, state);
  }

  saveReplica(place: number): Uint8Array {
    this.#checkPlace(place);
    return this.#engine.save(place);
  }

  loadReplica(place: number, saved: Uint8Array): void {
    this.#checkPlace(place);
    this.#engine.load(place, saved);
  }

  #checkPlace(place: number): void {
    if (!(Number.isInteger(place) && place >= 0 && place < this.size)) {
      throw new InvalidArgumentError("place", `be an integer from 0 to ${this.size - 1}`, place);
    }
  }
}
