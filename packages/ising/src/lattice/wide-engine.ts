/** Replicas of a wide lattice: a bit per spin, one replica after the other. */
import { createRandom } from "@siegert/random";
import { instantiate, MemoryArena, type MemoryRegion } from "@siegert/wasm";
import type { EngineOptions, SpinArray, SpinEngine } from "../engine.ts";
import type { LatticeModel } from "../model/ising-model.ts";
import { type LatticeBonds, latticeBonds } from "../model/lattice-bonds.ts";
import { LANES_WORDS, seedLane } from "../random/xoshiro.ts";
import { isUpIn, packReplica, packSpins, unpackReplica } from "../saved-replica.ts";
import { digitOf, maskBytes } from "./emit-bernoulli.ts";
import { emitWide, type WideExports, type WideProgram } from "./emit-wide.ts";
import { plainWide } from "./plain-wide.ts";
import { probabilities, situations, threshold } from "./rule.ts";
import {
  bondBytes,
  GENERATORS_BYTES,
  placeOf,
  planeVectors,
  replicaBytes,
  type WideShape,
  wordOf,
} from "./wide-layout.ts";

/** Updates at one β after which thresholds are compiled into the code: some ten milliseconds of work. */
const COMPILE_AFTER = 5e7;
/** Modules with compiled thresholds that are kept. */
const COMPILED = 64;
const KERNEL = 1;

/** Whether a lattice has the shape that the kernel needs. */
export function isWide({ lattice }: LatticeModel): boolean {
  const [height, width] = lattice.size;
  return width % 256 === 0 && height % 2 === 0 && height >= 2;
}

export class WideEngine implements SpinEngine {
  readonly size: number;
  readonly #model: Required<Omit<LatticeModel, "signs">>;
  readonly #options: EngineOptions;
  readonly #program: WideProgram;
  readonly #arena: MemoryArena;
  readonly #states: readonly MemoryRegion<"i32">[];
  readonly #masks: readonly MemoryRegion<"i32">[];
  readonly #masksOf: Float64Array;
  readonly #general: WideExports;
  readonly #updates = new Map<number, number>();
  readonly #compiled = new Map<number, WideExports>();
  /** Σ of the signs of all bonds that are there, and how many they are. */
  readonly #bonds: number;

  constructor(model: LatticeModel, options: EngineOptions) {
    const { lattice, coupling = 1, field = 0, signs } = model;
    const [height, width] = lattice.size;
    const isPeriodic = lattice.periodic ?? true;
    const bonds = latticeBonds(lattice.size, isPeriodic, signs);
    const shape: WideShape = {
      height,
      width,
      hasSigns: bonds.signs.includes(-1),
      isDiluted: bonds.count < 2 * height * width,
    };
    this.#model = { lattice, coupling, field };
    this.#options = options;
    this.#bonds = bonds.count;
    this.size = options.replicas.length;
    this.#arena = new MemoryArena();
    const signRegion = this.#arena.allocate(shape.hasSigns ? bondBytes(shape) / 4 : 0, "i32");
    const presenceRegion = this.#arena.allocate(shape.isDiluted ? bondBytes(shape) / 4 : 0, "i32");
    const rule = { kernel: options.kernel, isDiluted: shape.isDiluted, hasField: field !== 0 };
    this.#program = {
      shape,
      rule,
      isAntiferromagnetic: coupling < 0,
      bits: options.thresholdBits,
      thresholds: undefined,
      signsAt: signRegion.ptr,
      presenceAt: presenceRegion.ptr,
    };
    const masks = maskBytes(situations(rule).length, options.thresholdBits) / 4;
    this.#masks = options.replicas.map(() => this.#arena.allocate(masks, "i32"));
    this.#masksOf = new Float64Array(this.size).fill(Number.NaN);
    this.#states = options.replicas.map(() => this.#arena.allocate(replicaBytes(shape) / 4, "i32"));
    this.#arena.allocate(16, "i32"); // The last row reads one vector on.
    this.#keepBonds(bonds, signRegion, presenceRegion);
    this.#general = this.#make(this.#program);
    options.replicas.forEach((replica, place) => {
      this.#start(place, replica);
    });
  }

  sweep(betas: Float64Array, sweeps: number): void {
    for (let place = 0; place < this.size; place++) {
      const beta = betas[place]!;
      const state = this.#states[place]!.ptr;
      const compiled = this.#compiledFor(beta, sweeps);
      if (compiled) {
        compiled.sweep(state, 0, sweeps);
      } else {
        this.#setMasks(place, beta);
        this.#general.sweep(state, this.#masks[place]!.ptr, sweeps);
      }
    }
  }

  energies(out: Float64Array): void {
    const { coupling, field } = this.#model;
    const nodes = this.#nodes;
    for (let place = 0; place < this.size; place++) {
      const state = this.#states[place]!.ptr;
      const bonds = this.#bonds - 2 * this.#general.unsatisfied(state);
      const sum = field === 0 ? 0 : 2 * this.#general.ups(state) - nodes;
      // Unsatisfied bonds of a negative coupling were counted with their signs reversed.
      out[place] = -(Math.abs(coupling) * bonds + field * sum);
    }
  }

  magnetisations(out: Float64Array): void {
    for (let place = 0; place < this.size; place++) {
      out[place] = 2 * this.#general.ups(this.#states[place]!.ptr) - this.#nodes;
    }
  }

  readSpins(place: number, out: SpinArray): void {
    const words = this.#states[place]!.view();
    this.#visit((site, word, bit) => {
      out[site] = (words[word]! >>> bit) & 1 ? 1 : -1;
    });
  }

  writeSpins(place: number, spins: ArrayLike<number>): void {
    this.#writeWhere(place, (site) => spins[site]! > 0);
  }

  save(place: number): Uint8Array {
    const state = this.#states[place]!.view();
    const spins = new Int8Array(this.#nodes);
    this.readSpins(place, spins);
    const packed = packSpins(this.#nodes, (node) => spins[node]! > 0);
    return packReplica({ kernel: KERNEL, nodes: this.#nodes }, state.subarray(0, 2 * LANES_WORDS), packed);
  }

  load(place: number, saved: Uint8Array): void {
    const length = 2 * LANES_WORDS + Math.ceil(this.#nodes / 32);
    const words = unpackReplica({ kernel: KERNEL, nodes: this.#nodes }, length, saved);
    this.#states[place]!.view().set(words.subarray(0, 2 * LANES_WORDS));
    const packed = words.subarray(2 * LANES_WORDS);
    this.#writeWhere(place, (site) => isUpIn(packed, site));
  }

  describe(): string {
    const { thresholdBits, simd, kernel } = this.#options;
    const bonds = this.#program.shape.isDiluted ? "open or diluted bonds" : "periodic";
    const code = simd ? "WebAssembly vectors" : "plain JavaScript";
    return `wide lattice, one bit per spin, two colours, ${bonds}; ${kernel}, thresholds of ${thresholdBits} bits; ${code}`;
  }

  get #nodes(): number {
    return this.#program.shape.height * this.#program.shape.width;
  }

  #make(program: WideProgram): WideExports {
    const { memory } = this.#arena;
    if (!this.#options.simd) return plainWide(program, memory.buffer);
    return instantiate<WideExports>(emitWide(program), { env: { memory } });
  }

  #thresholds(beta: number): number[] {
    const { coupling, field } = this.#model;
    const { rule, bits } = this.#program;
    return probabilities(rule, beta * Math.abs(coupling), beta * field).map((p) => threshold(p, bits));
  }

  /** Code with the thresholds of β in it, once β has been worked at for long enough. */
  #compiledFor(beta: number, sweeps: number): WideExports | undefined {
    if (!this.#options.simd) return undefined;
    const made = this.#compiled.get(beta);
    if (made) return made;
    const updates = (this.#updates.get(beta) ?? 0) + sweeps * this.#nodes;
    if (this.#updates.size > 4096) this.#updates.clear();
    this.#updates.set(beta, updates);
    if (updates < COMPILE_AFTER) return undefined;
    const oldest = this.#compiled.keys().next();
    if (this.#compiled.size >= COMPILED && !oldest.done) this.#compiled.delete(oldest.value);
    const compiled = this.#make({ ...this.#program, thresholds: this.#thresholds(beta) });
    this.#compiled.set(beta, compiled);
    return compiled;
  }

  #setMasks(place: number, beta: number): void {
    if (this.#masksOf[place] === beta) return;
    this.#masksOf[place] = beta;
    const { bits } = this.#program;
    const masks = this.#masks[place]!.view();
    this.#thresholds(beta).forEach((value, index) => {
      for (let digit = 0; digit <= bits; digit++) {
        const at = 4 * (index * (bits + 1) + digit);
        masks.fill(-digitOf(value, digit), at, at + 4);
      }
    });
  }

  /** Calls back with the word and bit of every site, counted from the beginning of a replica. */
  #visit(visit: (site: number, word: number, bit: number) => void): void {
    const { shape } = this.#program;
    for (let y = 0, site = 0; y < shape.height; y++) {
      for (let x = 0; x < shape.width; x++, site++) {
        const { word, bit } = wordOf(shape, y, x);
        visit(site, GENERATORS_BYTES / 4 + word, bit);
      }
    }
  }

  #writeWhere(place: number, isUp: (site: number) => boolean): void {
    const words = this.#states[place]!.view();
    words.fill(0, GENERATORS_BYTES / 4);
    this.#visit((site, word, bit) => {
      if (isUp(site)) words[word]! |= 1 << bit;
    });
  }

  #start(place: number, replica: number): void {
    const random = createRandom(this.#options.seed, "ising-wide", replica);
    const words = this.#states[place]!.view();
    for (let generator = 0; generator < 2; generator++) {
      for (let lane = 0; lane < 4; lane++) seedLane(random, words, generator * LANES_WORDS, lane);
    }
    for (let word = GENERATORS_BYTES / 4; word < words.length; word++) words[word] = random.uint32() | 0;
  }

  #keepBonds(
    { count, ends, isDown, signs }: LatticeBonds,
    minus: MemoryRegion<"i32">,
    present: MemoryRegion<"i32">,
  ): void {
    const { shape, isAntiferromagnetic } = this.#program;
    if (!shape.hasSigns && !shape.isDiluted) return;
    const minusWords = minus.view();
    const presentWords = present.view();
    for (let bond = 0; bond < count; bond++) {
      const isMinus = signs[bond]! < 0 !== isAntiferromagnetic;
      for (let end = 0; end < 2; end++) {
        const site = ends[2 * bond + end]!;
        const y = Math.floor(site / shape.width);
        const x = site % shape.width;
        const { colour, vector, bit } = placeOf(shape, y, x);
        const index = bondIndex(y, x, isDown[bond] === 1, end === 0);
        const word = 16 * (colour * planeVectors(shape) + vector) + 4 * index + (bit >> 5);
        if (isMinus && shape.hasSigns) minusWords[word]! |= 1 << (bit & 31);
        if (shape.isDiluted) presentWords[word]! |= 1 << (bit & 31);
      }
    }
  }
}

/**
 * Which of the four bonds of a site one is: outer (out of its pair of rows), same (the neighbour in the row with the same
 * number), inner, side.
 * @param isFar whether the neighbour is to the right or below rather than to the left or above.
 */
function bondIndex(y: number, x: number, isDown: boolean, isFar: boolean): 0 | 1 | 2 | 3 {
  if (isDown) return (y % 2 === 0) === isFar ? 2 : 0;
  // Site j has x = 2j or 2j + 1; the neighbour with the same j is to the right of an even x.
  return (x % 2 === 0) === isFar ? 1 : 3;
}
