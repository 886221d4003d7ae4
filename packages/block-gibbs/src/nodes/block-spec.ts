import { InvalidArgumentError } from "@siegert/errors";
import { type Block, blocksOf, type Superblock } from "./block.ts";
import type { Node } from "./node.ts";
import { type NodeNumbers, numberOf } from "./node-numbers.ts";
import { isPossible, rangeOf, sizeOf } from "./node-size.ts";

/** Where the blocks of a model keep their values in its states. The layout is that of the nodes, whatever the blocks. */
export interface BlockSpec {
  /** All blocks, superblocks flattened, in the order given. */
  readonly blocks: readonly Block[];
  /** Length of a state. */
  readonly length: number;
  /** Length of the values of a block. @throws {InvalidArgumentError} for a block that is not in the spec. */
  sizeOf(block: Block): number;
  /** Numbers of a block's nodes in the model. @throws {InvalidArgumentError} as `sizeOf`. */
  numbersOf(block: Block): Int32Array;
  /** Values of a block, node after node. @throws {InvalidArgumentError} as `sizeOf`, and for a state of another length. */
  read(state: Float64Array, block: Block): Float64Array;
  /**
   * Sets the values of a block in a state.
   * @throws {InvalidArgumentError} as `read`, and for values of another length or ones that a node cannot have; block
   * and node are named.
   */
  write(state: Float64Array, block: Block, values: ArrayLike<number>): void;
  /**
   * A state from the values of every block.
   * @throws {InvalidArgumentError} as `write`, and when a block is missing.
   */
  stateFrom(values: ReadonlyMap<Block, ArrayLike<number>>): Float64Array;
}

/** What a layout is of. */
export interface BlockSpecModel {
  readonly nodes: readonly Node[];
  readonly numbers: NodeNumbers;
  readonly graph: { readonly offset: Int32Array };
}

/**
 * The layout of blocks that together have every node of a model once.
 * @throws {InvalidArgumentError} for a node of no block, of two blocks, or of no model; it is named.
 */
export function blockSpec(model: BlockSpecModel, superblocks: readonly Superblock[]): BlockSpec {
  const { offset } = model.graph;
  const blocks = superblocks.flatMap(blocksOf);
  const numbers = numbersOfBlocks(model, blocks);
  const length = offset[model.nodes.length]!;
  const find = (block: Block): Int32Array => {
    const found = numbers.get(block);
    if (found === undefined) throw new InvalidArgumentError("block", "be one of the spec", block?.name ?? block);
    return found;
  };
  const sizeOfBlock = (block: Block): number => {
    find(block);
    return block.nodes.reduce((sum, node) => sum + sizeOf(node), 0);
  };
  const checkLength = (state: Float64Array): void => {
    const isState = state instanceof Float64Array && state.length === length;
    if (!isState) throw new InvalidArgumentError("state", `be a Float64Array of length ${length}`, state);
  };
  const spec: BlockSpec = {
    blocks,
    length,
    sizeOf: sizeOfBlock,
    numbersOf: (block) => find(block).slice(),
    read(state, block) {
      checkLength(state);
      const out = new Float64Array(sizeOfBlock(block));
      let at = 0;
      for (const node of find(block)) for (let a = offset[node]!; a < offset[node + 1]!; a++) out[at++] = state[a]!;
      return out;
    },
    write(state, block, values) {
      checkLength(state);
      const own = checkedValues(block, values, sizeOfBlock(block));
      let at = 0;
      for (const node of find(block)) for (let a = offset[node]!; a < offset[node + 1]!; a++) state[a] = own[at++]!;
    },
    stateFrom(values) {
      const state = new Float64Array(length);
      for (const block of blocks) {
        const own = values.get(block);
        if (own === undefined) throw new InvalidArgumentError("values", "have every block", `none of ${block.name}`);
        spec.write(state, block, own);
      }
      return state;
    },
  };
  return spec;
}

function numbersOfBlocks(model: BlockSpecModel, blocks: readonly Block[]): Map<Block, Int32Array> {
  const owner = new Map<Node, Block>();
  const numbers = new Map<Block, Int32Array>();
  for (const block of blocks) {
    const own = Int32Array.from(block.nodes, (node) => numberOf(model.numbers, node, `block ${block.name}`));
    for (const node of block.nodes) {
      const other = owner.get(node);
      if (other !== undefined) {
        const found = `${node.name} is in ${other.name} and in ${block.name}`;
        throw new InvalidArgumentError("blocks", "have each node once", found);
      }
      owner.set(node, block);
    }
    numbers.set(block, own);
  }
  const missing = model.nodes.find((node) => !owner.has(node));
  if (missing !== undefined) {
    throw new InvalidArgumentError(
      "blocks",
      "have every node of the model, free or clamped",
      `${missing.name} in none`,
    );
  }
  return numbers;
}

function checkedValues(block: Block, values: ArrayLike<number>, size: number): Float64Array {
  if (values?.length !== size) {
    throw new InvalidArgumentError(`values of block ${block.name}`, `have length ${size}`, values?.length ?? values);
  }
  const own = Float64Array.from(values);
  let at = 0;
  for (const node of block.nodes) {
    if (!isPossible(node, own, at)) {
      throw new InvalidArgumentError(`${node.name} in block ${block.name}`, `be ${rangeOf(node)}`, own[at]);
    }
    at += sizeOf(node);
  }
  return own;
}
