import type { Node } from "./node.ts";

/** How many numbers of a state a node owns. */
export function sizeOf(node: Node): number {
  return node.kind === "user" ? node.size : 1;
}

/** Number of states: 2 for a spin, K for a category, 0 for a node that is not discrete. */
export function statesOf(node: Node): number {
  return node.kind === "spin" ? 2 : node.kind === "category" ? node.states : 0;
}

/** What a value of the node may be, in words. */
export function rangeOf(node: Node): string {
  switch (node.kind) {
    case "spin":
      return "-1 or 1";
    case "category":
      return `an integer from 0 to ${node.states - 1}`;
    case "gaussian":
      return "a finite number";
    case "user":
      return "a possible value of the node";
  }
}

/** Whether `state[at]` and what follows is a value that the node can have. */
export function isPossible(node: Node, state: Float64Array, at: number): boolean {
  const value = state[at]!;
  switch (node.kind) {
    case "spin":
      return value === 1 || value === -1;
    case "category":
      return Number.isInteger(value) && value >= 0 && value < node.states;
    case "gaussian":
      return Number.isFinite(value);
    case "user":
      return node.isValid(state.subarray(at, at + node.size));
  }
}
