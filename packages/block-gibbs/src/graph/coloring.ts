import { InvalidArgumentError } from "@siegert/errors";
import type { Adjacency } from "./adjacency.ts";
import { dsaturColors } from "./dsatur.ts";
import { rlfColors } from "./rlf.ts";

/** How to colour: by DSATUR, by recursive largest first, or by both with the fewer colours kept. */
export type ColoringMethod = "dsatur" | "rlf" | "best";

/** Nodes by colour; no two nodes of one colour are joined. */
export interface Coloring {
  /** Colour 0 … count − 1 of every node. */
  readonly colors: Int32Array;
  /** Number of colours. */
  readonly count: number;
  /** Nodes of every colour, ascending. */
  readonly classes: readonly Int32Array[];
}

/**
 * Colours a graph. "best" (the default) tries DSATUR and, unless two colours are enough, recursive largest first.
 * The same graph always gets the same colours.
 * @throws {InvalidArgumentError} for an unknown method.
 */
export function colorGraph(adjacency: Adjacency, method: ColoringMethod = "best"): Coloring {
  if (method === "rlf") return coloringOf(adjacency, rlfColors(adjacency));
  if (method !== "dsatur" && method !== "best") {
    throw new InvalidArgumentError("method", 'be "dsatur", "rlf" or "best"', method);
  }
  const first = coloringOf(adjacency, dsaturColors(adjacency));
  if (method === "dsatur" || first.count <= 2) return first;
  const second = coloringOf(adjacency, rlfColors(adjacency));
  return second.count < first.count ? second : first;
}

/**
 * Colours that are known already, as a colouring.
 * @param colors colour of every node, 0 and up.
 * @throws {InvalidArgumentError} for an edge whose ends have one colour (it is named), a wrong length, or a colour that
 * is no number 0 and up.
 */
export function coloringOf(adjacency: Adjacency, colors: ArrayLike<number>): Coloring {
  validateColoring(adjacency, colors);
  const count = Array.from(colors).reduce((most, color) => (color >= most ? color + 1 : most), 0);
  const sizes = new Int32Array(count);
  for (let i = 0; i < colors.length; i++) sizes[colors[i]!]!++;
  const classes = Array.from(sizes, (size) => new Int32Array(size));
  sizes.fill(0);
  for (let i = 0; i < colors.length; i++) classes[colors[i]!]![sizes[colors[i]!]!++] = i;
  return { colors: Int32Array.from(colors), count, classes };
}

/**
 * Refuses colours where the two ends of an edge have the same.
 * @param names names of the nodes, for the message; numbers when absent.
 * @throws {InvalidArgumentError} with the first such edge named, a wrong length, or a colour that is no number 0 and up.
 */
export function validateColoring(adjacency: Adjacency, colors: ArrayLike<number>, names?: readonly string[]): void {
  const { nodes, start, neighbours } = adjacency;
  if (colors.length !== nodes) throw new InvalidArgumentError("colors", `have ${nodes} entries`, colors.length);
  for (let i = 0; i < nodes; i++) {
    const color = colors[i]!;
    if (!Number.isInteger(color) || color < 0) {
      throw new InvalidArgumentError(`colors[${i}]`, "be an integer, 0 or more", color);
    }
    for (let e = start[i]!; e < start[i + 1]!; e++) {
      const other = neighbours[e]!;
      if (other < i || colors[other] !== color) continue;
      const [a, b] = [names?.[i] ?? i, names?.[other] ?? other];
      throw new InvalidArgumentError("colors", `differ at the ends of the edge ${a} – ${b}`, color);
    }
  }
}
