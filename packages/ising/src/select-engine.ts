/** Which kernel a model gets. It depends on the model alone, so that replicas have the same bits however they are grouped. */
import { InvalidArgumentError } from "@siegert/errors";
import type { EngineOptions, SpinEngine } from "./engine.ts";
import { GraphEngine } from "./graph/graph-engine.ts";
import { isWide, WideEngine } from "./lattice/wide-engine.ts";
import { checkLattice, type IsingModel, isLattice, type LatticeModel, spinGraph } from "./model/ising-model.ts";
import { PlanesEngine } from "./planes/planes-engine.ts";
import { uniformStrength } from "./planes/site-order.ts";

/** Kernels by name. */
export type KernelForm = "wide-lattice" | "replica-planes" | "general-graph";

/** The fastest kernel that a model has the shape for. @throws {InvalidArgumentError} for a model that is not usable. */
export function formOf(model: IsingModel): KernelForm {
  if (isLattice(model)) checkLattice(model);
  if (suitsWide(model)) return "wide-lattice";
  return uniformStrength(spinGraph(model)) === undefined ? "general-graph" : "replica-planes";
}

function suitsWide(model: IsingModel): model is LatticeModel {
  return isLattice(model) && isWide(model) && model.coupling !== 0;
}

/**
 * Replicas of a model in the kernel that suits it.
 * @param form another kernel than the fastest, if the model has the shape for it.
 * @throws {InvalidArgumentError} when it has not, or when Metropolis is asked of the general graph.
 */
export function createEngine(
  model: IsingModel,
  options: EngineOptions,
  form?: KernelForm,
  colours?: ArrayLike<number>,
): SpinEngine {
  const chosen = form ?? formOf(model);
  if (chosen === "wide-lattice") {
    if (suitsWide(model)) return new WideEngine(model, options);
    const requirement = "suit the model: a wide lattice has an even height, and a width that is a multiple of 256";
    throw new InvalidArgumentError("form", requirement, form);
  }
  const graph = spinGraph(model);
  if (chosen === "replica-planes") {
    if (uniformStrength(graph) !== undefined) return new PlanesEngine(graph, options, colours);
    const requirement = "suit the model: planes need couplings of one size, at most 6 per node, and no field";
    throw new InvalidArgumentError("form", requirement, form);
  }
  if (options.kernel === "heat-bath") return new GraphEngine(graph, options, colours);
  const requirement =
    'be "heat-bath" for models with couplings of several sizes, with more than 6 of them per node, or with fields (but for wide lattices)';
  throw new InvalidArgumentError("kernel", requirement, options.kernel);
}
