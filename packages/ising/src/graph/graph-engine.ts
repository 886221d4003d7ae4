/** Replicas of any model, as lanes of vectors. */
import { createRandom } from "@siegert/random";
import { instantiate, MemoryArena, type MemoryRegion } from "@siegert/wasm";
import type { EngineOptions, SpinArray, SpinEngine } from "../engine.ts";
import { colourNodes } from "../model/colouring.ts";
import type { SpinGraph } from "../model/ising-model.ts";
import { LANES_WORDS, nextPlain, seedLane } from "../random/xoshiro.ts";
import { isUpIn, packReplica, packSpins, unpackReplica } from "../saved-replica.ts";
import { type BlockLayout, blockLayout, emitGraph, type GraphExports, type GraphProgram } from "./emit-graph.ts";
import { CONSTANTS_LENGTH, fillConstants } from "./logistic.ts";
import { type NodeTable, nodeTable } from "./node-table.ts";
import { plainGraph } from "./plain-graph.ts";

const KERNEL = 3;
/** Factors stay finite, so that 0 times one is 0. */
const LARGEST_FACTOR = 3e38;

/** Chains that are swept together. */
interface Block {
  readonly region: MemoryRegion<"i32">;
  readonly vectors: 1 | 2;
  readonly layout: BlockLayout;
  /** First place. */
  readonly first: number;
}

export class GraphEngine implements SpinEngine {
  readonly size: number;
  readonly #options: EngineOptions;
  readonly #table: NodeTable;
  readonly #colours: number;
  readonly #blocks: readonly Block[];
  readonly #exports: GraphExports;
  readonly #sums: MemoryRegion;

  /** @param colours of the nodes; no edge joins equals. */
  constructor(graph: SpinGraph, options: EngineOptions, colours: ArrayLike<number> = colourNodes(graph)) {
    this.#options = options;
    this.size = options.replicas.length;
    this.#table = nodeTable(graph, colours);
    this.#colours = new Set(Array.from(colours)).size;
    const arena = new MemoryArena();
    const words = arena.allocate(this.#table.words.length, "i32");
    const edges = arena.allocate(this.#table.edges.length, "i32");
    const fields = arena.allocate(this.#table.fields.length);
    const constants = arena.allocate(CONSTANTS_LENGTH, "i32");
    this.#sums = arena.allocate(16);
    const blocks: Block[] = [];
    for (let first = 0; first < this.size; first += 8) {
      const vectors = this.size - first > 4 ? 2 : 1;
      const layout = blockLayout(graph.nodes, vectors);
      blocks.push({ region: arena.allocate(layout.bytes / 4, "i32"), vectors, layout, first });
    }
    this.#blocks = blocks;
    words.view().set(this.#table.words);
    fillConstants(new Float32Array(arena.memory.buffer, constants.ptr, CONSTANTS_LENGTH));
    edges.view().set(this.#table.edges);
    fields.view().set(this.#table.fields);
    const program: GraphProgram = {
      table: this.#table,
      wordsAt: words.ptr,
      edgesAt: edges.ptr,
      fieldsAt: fields.ptr,
      constantsAt: constants.ptr,
      sumsAt: this.#sums.ptr,
    };
    this.#exports = options.simd
      ? instantiate<GraphExports>(emitGraph(program), { env: { memory: arena.memory } })
      : plainGraph(program, arena.memory.buffer);
    options.replicas.forEach((replica, place) => {
      const random = createRandom(options.seed, "ising-graph", replica);
      const { block, lane, state } = this.#laneOf(place);
      seedLane(random, block.region.view(), state - (lane & 3), lane & 3);
      this.#coins(place);
    });
  }

  sweep(betas: Float64Array, sweeps: number): void {
    for (const { region, vectors, layout, first } of this.#blocks) {
      const factors = new Float32Array(region.view().buffer, region.ptr + layout.factors, 4 * vectors);
      for (let lane = 0; lane < 4 * vectors && first + lane < this.size; lane++) {
        factors[lane] = Math.min(2 * Math.LOG2E * betas[first + lane]!, LARGEST_FACTOR);
      }
      if (vectors === 1) this.#exports.sweep1(region.ptr, sweeps);
      else this.#exports.sweep2(region.ptr, sweeps);
    }
    // Without interaction every spin is an exactly fair coin of its own.
    for (let place = 0; place < this.size; place++) if (betas[place] === 0) this.#coins(place);
  }

  energies(out: Float64Array): void {
    const { couplingSum, fieldSum } = this.#table;
    for (const { region, vectors, first } of this.#blocks) {
      if (vectors === 1) this.#exports.sums1(region.ptr);
      else this.#exports.sums2(region.ptr);
      const sums = this.#sums.view();
      for (let lane = 0; lane < 4 * vectors && first + lane < this.size; lane++) {
        const at = 8 * (lane >> 2) + (lane & 3);
        out[first + lane] = -(couplingSum - 2 * sums[at]!) - (fieldSum - 2 * sums[at + 4]!);
      }
    }
  }

  magnetisations(out: Float64Array): void {
    for (let place = 0; place < this.size; place++) {
      let sum = 0;
      this.#visit(place, (_, mask) => {
        sum += mask === 0 ? 1 : -1;
      });
      out[place] = sum;
    }
  }

  readSpins(place: number, out: SpinArray): void {
    this.#visit(place, (node, mask) => {
      out[node] = mask === 0 ? 1 : -1;
    });
  }

  writeSpins(place: number, spins: ArrayLike<number>): void {
    this.#writeWhere(place, (node) => spins[node]! > 0);
  }

  save(place: number): Uint8Array {
    const nodes = this.#table.nodeAt.length;
    const spins = new Int8Array(nodes);
    this.readSpins(place, spins);
    const packed = packSpins(nodes, (node) => spins[node]! > 0);
    const { block, state } = this.#laneOf(place);
    const words = block.region.view();
    const generator = Int32Array.from([0, 4, 8, 12], (offset) => words[state + offset]!);
    return packReplica({ kernel: KERNEL, nodes }, generator, packed);
  }

  load(place: number, saved: Uint8Array): void {
    const nodes = this.#table.nodeAt.length;
    const words = unpackReplica({ kernel: KERNEL, nodes }, 4 + Math.ceil(nodes / 32), saved);
    const { block, state } = this.#laneOf(place);
    const view = block.region.view();
    for (let k = 0; k < 4; k++) view[state + 4 * k] = words[k]!;
    const packed = words.subarray(4);
    this.#writeWhere(place, (node) => isUpIn(packed, node));
  }

  describe(): string {
    const code = this.#options.simd ? "WebAssembly vectors" : "plain JavaScript";
    return `general graph, chains as lanes, ${this.#colours} colours; heat-bath, single precision logistic; ${code}`;
  }

  /** Block and lane of a place, and the first word of its generator. */
  #laneOf(place: number): { block: Block; lane: number; state: number } {
    const block = this.#blocks[place >> 3]!;
    const lane = place & 7;
    return { block, lane, state: LANES_WORDS * (lane >> 2) + (lane & 3) };
  }

  /** Draws every spin of a replica anew, from its own stream. */
  #coins(place: number): void {
    const { block, state } = this.#laneOf(place);
    const words = block.region.view();
    let coins = 0;
    this.#writeWhere(place, (node) => {
      if ((node & 31) === 0) coins = nextPlain(words, state);
      return ((coins >>> (node & 31)) & 1) === 1;
    });
  }

  #visit(place: number, visit: (node: number, mask: number) => void): void {
    const { block, lane } = this.#laneOf(place);
    const words = block.region.view();
    const { placeOf } = this.#table;
    const first = block.layout.spins / 4 + lane;
    for (let node = 0; node < placeOf.length; node++) visit(node, words[first + 4 * block.vectors * placeOf[node]!]!);
  }

  #writeWhere(place: number, isUp: (node: number) => boolean): void {
    const { block, lane } = this.#laneOf(place);
    const words = block.region.view();
    const { placeOf } = this.#table;
    const first = block.layout.spins / 4 + lane;
    for (let node = 0; node < placeOf.length; node++) {
      words[first + 4 * block.vectors * placeOf[node]!] = isUp(node) ? 0 : -1;
    }
  }
}
