import { InvalidArgumentError } from "@siegert/errors";
import type { Node, NodeKind } from "./node.ts";

/** Ordered nodes of one kind that are drawn together. */
export interface Block<N extends Node = Node> {
  readonly name: string;
  readonly nodes: readonly N[];
  readonly kind: N["kind"];
  /**
   * Whether the nodes are drawn from their joint law given all others, which allows factors between them; else each is
   * drawn on its own given all others, which does not.
   */
  readonly isJoint: boolean;
}

/** Options of `block`. */
export interface BlockOptions {
  /** For messages. Default: first and last node, as "s0…s7". */
  readonly name?: string;
  /** Draw the nodes jointly and exactly. Default false. */
  readonly joint?: boolean;
}

/** Blocks that are drawn from one snapshot of the state and written back together; a block alone is one too. */
export type Superblock = Block | readonly Block[];

/**
 * A block of nodes.
 * @throws {InvalidArgumentError} when it is empty, holds nodes of different kinds, or a node twice; block and node are
 * named.
 */
export function block<N extends Node>(nodes: readonly N[], options: BlockOptions = {}): Block<N> {
  if (!Array.isArray(nodes)) throw new InvalidArgumentError("nodes", "be an array of nodes", nodes);
  const [first] = nodes;
  const { name = defaultName(nodes), joint = false } = options;
  if (first === undefined) throw new InvalidArgumentError(`block ${name}`, "have at least one node", nodes);
  const seen = new Set<Node>();
  for (const node of nodes) {
    if (node?.kind !== first.kind) {
      const kinds = `${first.name} is of kind ${first.kind}, ${node?.name} of kind ${node?.kind}`;
      throw new InvalidArgumentError(`block ${name}`, "have nodes of one kind", kinds);
    }
    if (seen.has(node)) throw new InvalidArgumentError(`block ${name}`, "have each node once", node.name);
    seen.add(node);
  }
  return Object.freeze({ name, nodes: [...nodes], kind: first.kind as NodeKind & N["kind"], isJoint: joint });
}

/** The blocks of a superblock. */
export function blocksOf(superblock: Superblock): readonly Block[] {
  return Array.isArray(superblock) ? superblock : [superblock as Block];
}

function defaultName(nodes: readonly Node[]): string {
  if (nodes.length === 0) return "(unnamed)";
  return nodes.length === 1 ? `${nodes[0]?.name}` : `${nodes[0]?.name}…${nodes.at(-1)?.name}`;
}
