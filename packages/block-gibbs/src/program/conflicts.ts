import { InvalidArgumentError } from "@siegert/errors";
import type { CompiledGraph } from "../compiled/compiled-graph.ts";
import type { DirectedTerms } from "../compiled/directed-terms.ts";
import { type Block, blocksOf, type Superblock } from "../nodes/block.ts";
import type { NodeNumbers } from "../nodes/node-numbers.ts";

/**
 * Refuses superblocks whose nodes cannot be drawn at once. Nodes that share a factor, or of which one reads the other,
 * have to be drawn one after the other, or jointly; drawn at once from an old state they would have another law (two spins
 * with J = β = 1 would end with ⟨s₁s₂⟩ = 0 instead of tanh 1).
 * @throws {InvalidArgumentError} that names the two nodes and their blocks.
 */
export function checkConflicts(
  graph: CompiledGraph,
  numbers: NodeNumbers,
  superblocks: readonly Superblock[],
  directed: DirectedTerms,
): void {
  const groups = groupsOf(graph.nodeCount, numbers, superblocks);
  checkFactors(graph, groups, superblocks.length);
  checkDirected(graph, groups, graph.directed, false);
  checkDirected(graph, groups, directed, true);
}

interface Groups {
  /** Superblock of every node, −1 for clamped ones. */
  readonly superblock: Int32Array;
  /** Block of every free node, counted through. */
  readonly block: Int32Array;
  readonly blocks: readonly Block[];
}

function groupsOf(nodeCount: number, numbers: NodeNumbers, superblocks: readonly Superblock[]): Groups {
  const superblock = new Int32Array(nodeCount).fill(-1);
  const block = new Int32Array(nodeCount).fill(-1);
  const blocks: Block[] = [];
  for (const [s, one] of superblocks.entries()) {
    for (const own of blocksOf(one)) {
      for (const node of own.nodes) {
        const number = numbers.get(node)!;
        superblock[number] = s;
        block[number] = blocks.length;
      }
      blocks.push(own);
    }
  }
  return { superblock, block, blocks };
}

function checkFactors(graph: CompiledGraph, groups: Groups, superblockCount: number): void {
  const { memberStart, members } = graph;
  // Of every superblock: the last factor that had a member in it, and that member.
  const factorSeen = new Int32Array(superblockCount).fill(-1);
  const memberSeen = new Int32Array(superblockCount);
  for (let f = 0; f < graph.factorCount; f++) {
    for (let m = memberStart[f]!; m < memberStart[f + 1]!; m++) {
      const node = members[m]!;
      const own = groups.superblock[node]!;
      if (own < 0) continue;
      if (factorSeen[own] === f) checkPair(graph, groups, memberSeen[own]!, node, false);
      factorSeen[own] = f;
      memberSeen[own] = node;
    }
  }
}

/** Members of a factor are checked in a row: where all neighbours in the row are of one joint block, all are. */
function checkPair(graph: CompiledGraph, groups: Groups, a: number, b: number, isBeyondFactors: boolean): void {
  const [first, second] = [groups.blocks[groups.block[a]!]!, groups.blocks[groups.block[b]!]!];
  const edge = `${graph.names[a]} – ${graph.names[b]}`;
  if (first === second && first.isJoint) {
    if (!isBeyondFactors) return;
    const wanted = "have no interactions beyond those of factors within it, as it is drawn jointly";
    throw new InvalidArgumentError(`block ${first.name}`, wanted, edge);
  }
  if (first === second) {
    const wanted =
      "have no edge between its nodes, as they are drawn at once (colour the model, or make the block joint)";
    throw new InvalidArgumentError(`block ${first.name}`, wanted, edge);
  }
  const wanted = "have no edge between them, as they are drawn at once (make them superblocks of their own)";
  throw new InvalidArgumentError(`blocks ${first.name} and ${second.name} of a superblock`, wanted, edge);
}

function checkDirected(graph: CompiledGraph, groups: Groups, terms: DirectedTerms, isBeyondFactors: boolean): void {
  for (let head = 0; head < graph.nodeCount; head++) {
    const own = groups.superblock[head]!;
    if (own < 0) continue;
    for (let t = terms.start[head]!; t < terms.start[head + 1]!; t++) {
      for (const tail of terms.terms[t]!.tails) {
        if (groups.superblock[tail] === own && tail !== head) checkPair(graph, groups, head, tail, isBeyondFactors);
      }
    }
  }
}
