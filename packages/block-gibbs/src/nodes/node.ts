import { InvalidArgumentError } from "@siegert/errors";
import type { Random } from "@siegert/random";

/** A spin: −1 or +1. */
export interface SpinNode {
  readonly kind: "spin";
  readonly name: string;
}

/** A variable with finitely many states 0, 1, …, states − 1. */
export interface CategoryNode {
  readonly kind: "category";
  readonly name: string;
  readonly states: number;
}

/** A real number whose conditional law is normal. */
export interface GaussianNode {
  readonly kind: "gaussian";
  readonly name: string;
}

/** A variable of `size` real numbers, with its own conditional law or drawn by the energies of user-defined factors. */
export interface UserNode {
  readonly kind: "user";
  readonly name: string;
  readonly size: number;
  /** Nodes that the conditional law depends on. */
  reads(): readonly Node[];
  /** Undefined when it has no conditional law of its own. */
  readonly draw: UserDraw | undefined;
  readonly isValid: (values: Float64Array) => boolean;
}

/**
 * Draws a user-defined node from its conditional law, or makes any move that leaves that law invariant.
 *
 * @param neighbours values of the nodes that it reads, one after the other in the order of `reads`; not to be kept.
 * @param value the present value on entry, the new one on return.
 * @param beta inverse temperature: the law is ∝ exp(−beta · energy).
 */
export type UserDraw = (neighbours: Float64Array, value: Float64Array, random: Random, beta: number) => void;

/** A variable of a model. Its identity is the object; names are for people and must differ within a model. */
export type Node = SpinNode | CategoryNode | GaussianNode | UserNode;

/** What kinds of nodes there are. */
export type NodeKind = Node["kind"];

/** One spin. @throws {InvalidArgumentError} for a name that is not a string with at least one character. */
export function spinNode(name: string): SpinNode {
  return Object.freeze({ kind: "spin", name: checkedName(name) });
}

/**
 * One variable with `states` states.
 * @throws {InvalidArgumentError} for an empty name, and unless `states` is an integer from 1 to 2²⁴.
 */
export function categoryNode(name: string, states: number): CategoryNode {
  return Object.freeze({ kind: "category", name: checkedName(name), states: checkedCount("states", states, 1) });
}

/** One Gaussian variable. @throws {InvalidArgumentError} for an empty name. */
export function gaussianNode(name: string): GaussianNode {
  return Object.freeze({ kind: "gaussian", name: checkedName(name) });
}

/** What `userNode` needs to know. */
export interface UserNodeDefinition {
  readonly name: string;
  /** How many numbers a value has. Default 1. */
  readonly size?: number;
  /**
   * Nodes that the conditional law depends on: `draw` sees these and no others. A function where nodes read each other
   * and cannot be listed before they are made. Default none.
   */
  readonly reads?: readonly Node[] | (() => readonly Node[]);
  /** Without it the node needs factors and a Metropolis sampler, or a sampler of your own. */
  readonly draw?: UserDraw;
  /** Whether values given by the user are possible ones. Default: all are finite. */
  readonly isValid?: (values: Float64Array) => boolean;
}

/**
 * A variable of any kind.
 * @throws {InvalidArgumentError} for an empty name, a size that is not a positive integer, or a `draw` that is no function.
 */
export function userNode({ name, size = 1, reads = [], draw, isValid = allFinite }: UserNodeDefinition): UserNode {
  if (draw !== undefined && typeof draw !== "function") throw new InvalidArgumentError("draw", "be a function", draw);
  if (typeof isValid !== "function") throw new InvalidArgumentError("isValid", "be a function", isValid);
  if (typeof reads !== "function" && !Array.isArray(reads)) {
    throw new InvalidArgumentError("reads", "be an array of nodes, or a function that gives one", reads);
  }
  const all = typeof reads === "function" ? reads : () => reads;
  return Object.freeze({
    kind: "user",
    name: checkedName(name),
    size: checkedCount("size", size, 1),
    reads: all,
    draw,
    isValid,
  });
}

/** An array of N, as a tuple for a literal N up to 16, so that `const [a, b] = spinNodes(2)` is known to have both. */
export type NodeList<T, N extends number, Made extends T[] = []> = number extends N
  ? T[]
  : Made["length"] extends N
    ? Made
    : Made["length"] extends 16
      ? T[]
      : NodeList<T, N, [...Made, T]>;

/** `count` spins named prefix0, prefix1, … @throws {InvalidArgumentError} for a count that is not a positive integer. */
export function spinNodes<N extends number>(count: N, prefix = "s"): NodeList<SpinNode, N> {
  return many(count, (k) => spinNode(`${prefix}${k}`));
}

/** `count` categorical variables named prefix0, prefix1, … @throws {InvalidArgumentError} as `categoryNode`. */
export function categoryNodes<N extends number>(count: N, states: number, prefix = "c"): NodeList<CategoryNode, N> {
  return many(count, (k) => categoryNode(`${prefix}${k}`, states));
}

/** `count` Gaussian variables named prefix0, prefix1, … @throws {InvalidArgumentError} for a count below 1. */
export function gaussianNodes<N extends number>(count: N, prefix = "x"): NodeList<GaussianNode, N> {
  return many(count, (k) => gaussianNode(`${prefix}${k}`));
}

function many<T, N extends number>(count: N, make: (k: number) => T): NodeList<T, N> {
  const all = Array.from({ length: checkedCount("count", count, 1) }, (_, k) => make(k));
  return all as unknown as NodeList<T, N>;
}

function allFinite(values: Float64Array): boolean {
  return values.every(Number.isFinite);
}

function checkedName(name: string): string {
  if (typeof name !== "string" || name === "") throw new InvalidArgumentError("name", "be a non-empty string", name);
  return name;
}

function checkedCount(argument: string, count: number, least: number): number {
  if (!(Number.isInteger(count) && count >= least && count <= 2 ** 24)) {
    throw new InvalidArgumentError(argument, `be an integer from ${least} to 2^24`, count);
  }
  return count;
}
