import { InvalidArgumentError } from "@siegert/errors";
import type { Factor } from "../factors/factor.ts";
import { productFactor } from "../factors/product-factors.ts";
import { quadraticFactor } from "../factors/quadratic-factor.ts";
import {
  type CategoryNode,
  categoryNode,
  type GaussianNode,
  gaussianNode,
  type Node,
  type SpinNode,
  spinNode,
} from "../nodes/node.ts";
import { numberOf } from "../nodes/node-numbers.ts";
import { type EnergyModel, energyModel } from "./energy-model.ts";

/** A model without functions in it as plain data, which structured cloning can copy to another thread or into a file. */
export interface ModelData {
  readonly format: 1;
  readonly nodes: readonly NodeData[];
  readonly factors: readonly FactorData[];
  readonly beta: number;
}

/** A node as plain data. */
export interface NodeData {
  readonly kind: "spin" | "category" | "gaussian";
  readonly name: string;
  /** Of categorical nodes. */
  readonly states?: number;
}

/** A batch of factors as plain data, with nodes by their numbers. */
export interface FactorData {
  readonly kind: "product" | "square";
  readonly name: string;
  /** Groups of spins and Gaussian nodes; of a "square" batch one group of Gaussian nodes. */
  readonly multiplied: readonly ArrayLike<number>[];
  readonly categories: readonly ArrayLike<number>[];
  readonly weights: ArrayLike<number>;
}

/**
 * A model as plain data.
 * @throws {InvalidArgumentError} for user-defined nodes and factors, whose functions are no data.
 */
export function modelData(model: EnergyModel): ModelData {
  const numbers = (group: readonly Node[]): Int32Array =>
    Int32Array.from(group, (node) => numberOf(model.numbers, node, "factors"));
  return {
    format: 1,
    nodes: model.nodes.map((node) => {
      if (node.kind === "user") throw notData(`node ${node.name}`);
      return node.kind === "category"
        ? { kind: node.kind, name: node.name, states: node.states }
        : { kind: node.kind, name: node.name };
    }),
    factors: model.factors.map((factor) => {
      if (factor.kind === "user") throw notData(factor.name);
      const { kind, name, weights } = factor;
      const multiplied = kind === "square" ? [numbers(factor.nodes)] : factor.multiplied.map(numbers);
      return { kind, name, multiplied, categories: factor.categories.map(numbers), weights: weights.slice() };
    }),
    beta: model.beta,
  };
}

function notData(what: string): InvalidArgumentError {
  const wanted = "have no functions to become data; export a function that makes it from a module";
  return new InvalidArgumentError("model", wanted, what);
}

/** The model that `modelData` was given. @throws {InvalidArgumentError} for what is no such data. */
export function modelFromData(data: ModelData): EnergyModel {
  if (data?.format !== 1 || !Array.isArray(data.nodes) || !Array.isArray(data.factors)) {
    throw new InvalidArgumentError("data", "be what modelData gave", data);
  }
  const nodes = data.nodes.map(nodeOf);
  const factors = data.factors.map((factor) => factorOf(nodes, factor));
  return energyModel({ nodes, factors, beta: data.beta });
}

function nodeOf({ kind, name, states }: NodeData): Node {
  if (kind === "spin") return spinNode(name);
  if (kind === "gaussian") return gaussianNode(name);
  return categoryNode(name, states ?? Number.NaN);
}

function factorOf(nodes: readonly Node[], { kind, name, multiplied, categories, weights }: FactorData): Factor {
  const group = <N extends Node>(numbers: ArrayLike<number>): N[] =>
    Array.from(numbers, (number) => {
      const node = nodes[number];
      if (node === undefined) throw new InvalidArgumentError(`nodes of ${name}`, `be 0 to ${nodes.length - 1}`, number);
      return node as N;
    });
  const chosen = categories.map(group<CategoryNode>);
  if (kind === "square") {
    return quadraticFactor({
      name,
      nodes: group<GaussianNode>(multiplied[0] ?? []),
      categories: chosen,
      precisions: weights,
    });
  }
  const all = multiplied.map(group<SpinNode | GaussianNode>);
  const spins = all.filter((own): own is SpinNode[] => own[0]?.kind === "spin");
  const reals = all.filter((own): own is GaussianNode[] => own[0]?.kind !== "spin");
  return productFactor({ name, spins, reals, categories: chosen, weights });
}
