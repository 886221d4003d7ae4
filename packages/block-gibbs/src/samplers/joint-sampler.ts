import { InvalidArgumentError } from "@siegert/errors";
import { GAUSSIAN, USER } from "../compiled/compiled-graph.ts";
import { DiscreteJoint } from "../joint/discrete-joint.ts";
import { GaussianJoint } from "../joint/gaussian-joint.ts";
import { type JointLimits, resolveLimits } from "../joint/joint-cost.ts";
import type { BoundSampler, ConditionalSampler, SamplerTarget } from "./conditional-sampler.ts";

/**
 * Draws a block from its exact joint law given all other nodes, whatever edges it has inside: spins and categorical nodes
 * by forward filtering and backward sampling, Gaussian ones by a sparse Cholesky factor. What this costs grows with the
 * number of states to the power of the block's treewidth plus one; `jointCost` tells.
 *
 * Binding it to a block throws `BlockTooWideError` beyond the limits, `InvalidArgumentError` for user-defined nodes and
 * for Gaussian nodes whose joint law is not normal, or not known.
 * @throws {InvalidArgumentError} for limits that are not positive.
 */
export function jointSampler(limits: JointLimits = {}): ConditionalSampler {
  resolveLimits(limits);
  return {
    name: "joint sampler",
    drawsJointly: true,
    kinds: ["spin", "category", "gaussian"],
    bind: (target) => bindJoint(target, limits),
  };
}

function bindJoint({ graph, nodes, directed, block }: SamplerTarget, limits: JointLimits): BoundSampler {
  const user = nodes.find((node) => graph.kind[node] === USER);
  if (user !== undefined) {
    throw new InvalidArgumentError(`block ${block.name}`, "have no user-defined nodes to be joint", graph.names[user]);
  }
  const joint = nodes.some((node) => graph.kind[node] === GAUSSIAN)
    ? new GaussianJoint(graph, nodes, directed, block.name)
    : new DiscreteJoint(graph, nodes, directed, block.name, limits);
  return {
    memorySize: 0,
    draw: (state, out, { beta, random }) => joint.draw(state, out, beta, random),
  };
}
