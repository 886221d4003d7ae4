/** Replicas of a model with couplings of one size, as bits of words: 32 to a bank. */
import { createRandom } from "@siegert/random";
import { instantiate, MemoryArena, type MemoryRegion } from "@siegert/wasm";
import type { EngineOptions, SpinArray, SpinEngine } from "../engine.ts";
import { digitOf } from "../lattice/emit-bernoulli.ts";
import { probabilities, threshold } from "../lattice/rule.ts";
import { colourNodes } from "../model/colouring.ts";
import type { SpinGraph } from "../model/ising-model.ts";
import { isUpIn, packReplica, packSpins, unpackReplica } from "../saved-replica.ts";
import { levelsOf } from "./degree-decision.ts";
import { bankLayout, COUNTED, emitPlanes, type PlanesExports, type PlanesProgram } from "./emit-planes.ts";
import { plainPlanes } from "./plain-planes.ts";
import { COLUMN_WORDS, newColumn, readColumn, writeColumn } from "./shift-register.ts";
import { orderSites, type SiteOrder, uniformStrength } from "./site-order.ts";

const BANK = 32;
const KERNEL = 2;
/** Values of β whose thresholds are kept. */
const KNOWN = 1024;

export class PlanesEngine implements SpinEngine {
  readonly size: number;
  readonly #graph: SpinGraph;
  readonly #strength: number;
  readonly #options: EngineOptions;
  readonly #order: SiteOrder;
  readonly #colours: number;
  readonly #program: PlanesProgram;
  readonly #banks: readonly MemoryRegion<"i32">[];
  /** Counts of the module; the memory does not grow any more. */
  readonly #counts: Uint8Array;
  readonly #exports: PlanesExports;
  readonly #masksOf: Float64Array;
  readonly #levels: readonly number[];
  readonly #digits = new Map<number, Uint8Array>();
  readonly #sums = new Float64Array(BANK);

  /** @param graph one for which `uniformStrength` has an answer. */
  constructor(graph: SpinGraph, options: EngineOptions, colours: ArrayLike<number> = colourNodes(graph)) {
    this.#graph = graph;
    this.#strength = uniformStrength(graph)!;
    this.#options = options;
    this.size = options.replicas.length;
    this.#order = orderSites(graph, colours);
    this.#colours = new Set(Array.from(colours)).size;
    this.#levels = [...new Set(this.#order.runs.flatMap((run) => levelsOf(run.degree)))];
    const arena = new MemoryArena();
    const [neighbours, edges, nodes] = [this.#order.neighbours, this.#order.edges, this.#order.nodes].map((table) =>
      arena.allocate(table.length, "i32"),
    ) as [MemoryRegion<"i32">, MemoryRegion<"i32">, MemoryRegion<"i32">];
    const counts = arena.allocate(32, "i32");
    const layout = bankLayout(this.#order, options.thresholdBits);
    this.#banks = Array.from({ length: Math.ceil(this.size / BANK) }, () => arena.allocate(layout.bytes / 4, "i32"));
    neighbours.view().set(this.#order.neighbours);
    edges.view().set(this.#order.edges);
    nodes.view().set(this.#order.nodes);
    this.#program = {
      order: this.#order,
      kernel: options.kernel,
      bits: options.thresholdBits,
      layout,
      neighboursAt: neighbours.ptr,
      edgesAt: edges.ptr,
      nodesAt: nodes.ptr,
      countsAt: counts.ptr,
    };
    this.#counts = new Uint8Array(arena.memory.buffer, counts.ptr, 128);
    this.#exports = options.simd
      ? instantiate<PlanesExports>(emitPlanes(this.#program), { env: { memory: arena.memory } })
      : plainPlanes(this.#program, arena.memory.buffer);
    this.#masksOf = new Float64Array(this.size).fill(Number.NaN);
    options.replicas.forEach((replica, place) => {
      const random = createRandom(options.seed, "ising-planes", replica);
      this.#setColumn(place, newColumn(random));
      this.#writeWhere(place, () => (random.uint32() & 1) === 1);
    });
  }

  sweep(betas: Float64Array, sweeps: number): void {
    for (let place = 0; place < this.size; place++) this.#setMasks(place, betas[place]!);
    for (const bank of this.#banks) this.#exports.sweep(bank.ptr, sweeps);
  }

  energies(out: Float64Array): void {
    const edges = this.#graph.couplings.length;
    this.#countAll(this.#program.edgesAt, this.#order.edges.length / 12, (place, count) => {
      out[place] = -this.#strength * (edges - 2 * count);
    });
  }

  magnetisations(out: Float64Array): void {
    const { nodes } = this.#graph;
    this.#countAll(this.#program.nodesAt, this.#order.nodes.length / 12, (place, count) => {
      out[place] = 2 * count - nodes;
    });
  }

  readSpins(place: number, out: SpinArray): void {
    const spins = this.#spinsOf(place);
    const { slotOf } = this.#order;
    const bit = place % BANK;
    for (let node = 0; node < slotOf.length; node++) out[node] = (spins[slotOf[node]!]! >>> bit) & 1 ? 1 : -1;
  }

  writeSpins(place: number, spins: ArrayLike<number>): void {
    this.#writeWhere(place, (node) => spins[node]! > 0);
  }

  save(place: number): Uint8Array {
    const bank = this.#bankOf(place);
    const column = readColumn(bank, this.#program.layout.register / 4, bank[0]!, place % BANK);
    const spins = this.#spinsOf(place);
    const { nodes } = this.#graph;
    const packed = packSpins(nodes, (node) => ((spins[this.#order.slotOf[node]!]! >>> (place % BANK)) & 1) === 1);
    return packReplica({ kernel: KERNEL, nodes }, column, packed);
  }

  load(place: number, saved: Uint8Array): void {
    const { nodes } = this.#graph;
    const words = unpackReplica({ kernel: KERNEL, nodes }, COLUMN_WORDS + Math.ceil(nodes / 32), saved);
    this.#setColumn(place, words.subarray(0, COLUMN_WORDS));
    const packed = words.subarray(COLUMN_WORDS);
    this.#writeWhere(place, (node) => isUpIn(packed, node));
  }

  describe(): string {
    const { thresholdBits, simd, kernel } = this.#options;
    const code = simd ? "WebAssembly vectors" : "plain JavaScript";
    return `replica planes, bit k for replica k, ${this.#colours} colours; ${kernel}, thresholds of ${thresholdBits} bits; ${code}`;
  }

  #bankOf(place: number): Int32Array {
    return this.#banks[Math.floor(place / BANK)]!.view();
  }

  #spinsOf(place: number): Int32Array {
    return this.#bankOf(place).subarray(this.#program.layout.spins / 4);
  }

  #setColumn(place: number, column: Int32Array): void {
    const bank = this.#bankOf(place);
    writeColumn(bank, this.#program.layout.register / 4, bank[0]!, place % BANK, column);
  }

  #writeWhere(place: number, isUp: (node: number) => boolean): void {
    const spins = this.#spinsOf(place);
    const bit = 1 << (place % BANK);
    this.#order.slotOf.forEach((slot, node) => {
      spins[slot] = isUp(node) ? spins[slot]! | bit : spins[slot]! & ~bit;
    });
  }

  #setMasks(place: number, beta: number): void {
    if (this.#masksOf[place] === beta) return;
    this.#masksOf[place] = beta;
    const { bits, layout } = this.#program;
    const bank = this.#bankOf(place);
    const bit = 1 << (place % BANK);
    const digits = this.#digitsOf(beta);
    let n = 0;
    for (const level of this.#levels) {
      let at = layout.masks / 4 + 4 * (level - 1) * (bits + 1);
      for (let digit = 0; digit <= bits; digit++, at += 4) {
        const word = digits[n++] === 1 ? bank[at]! | bit : bank[at]! & ~bit;
        bank[at] = word;
        bank[at + 1] = word;
        bank[at + 2] = word;
        bank[at + 3] = word;
      }
    }
  }

  /** Digits of the thresholds of all levels in use: swaps bring the same β again and again. */
  #digitsOf(beta: number): Uint8Array {
    const known = this.#digits.get(beta);
    if (known) return known;
    const { bits, kernel } = this.#program;
    const digits = Uint8Array.from(
      this.#levels.flatMap((level) => {
        const value = threshold(levelProbability(kernel, beta * this.#strength, level), bits);
        return Array.from({ length: bits + 1 }, (_, digit) => digitOf(value, digit));
      }),
    );
    if (this.#digits.size >= KNOWN) this.#digits.clear();
    this.#digits.set(beta, digits);
    return digits;
  }

  /** Calls back with the number of pairs of a table that differ in each replica. */
  #countAll(table: number, fours: number, visit: (place: number, count: number) => void): void {
    const bytes = this.#counts;
    this.#banks.forEach((bank, k) => {
      const used = Math.min(BANK, this.size - BANK * k);
      this.#sums.fill(0);
      for (let from = 0; from < fours; from += COUNTED) {
        this.#exports.count(bank.ptr, table + 48 * from, Math.min(COUNTED, fours - from));
        for (let replica = 0; replica < used; replica++) {
          const at = 16 * (2 * (replica & 3) + ((replica >> 2) & 1)) + (replica >> 3);
          this.#sums[replica]! += bytes[at]! + bytes[at + 4]! + bytes[at + 8]! + bytes[at + 12]!;
        }
      }
      for (let replica = 0; replica < used; replica++) visit(BANK * k + replica, this.#sums[replica]!);
    });
  }
}

/** Probability of a level: of standing against |h| (heat bath), of a flip that costs it (Metropolis). */
function levelProbability(kernel: PlanesProgram["kernel"], strength: number, level: number): number {
  return probabilities({ kernel, isDiluted: true, hasField: false }, strength * level, 0)[0]!;
}
