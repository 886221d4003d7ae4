/** What the kernels have in common: replicas of one model that are swept, read and saved by their place. */
import { features, type MemoryArena } from "@siegert/wasm";
import type { UpdateKernel } from "./lattice/rule.ts";

/** Replicas of a model in one memory. */
export interface SpinEngine {
  readonly size: number;
  /** Sweeps every replica at its own β. */
  sweep(betas: Float64Array, sweeps: number): void;
  /** Energies V of all replicas. */
  energies(out: Float64Array): void;
  /** Sums of spins of all replicas. */
  magnetisations(out: Float64Array): void;
  /** Writes the spins (+1, −1) of a replica. */
  readSpins(place: number, out: SpinArray): void;
  /** Sets them. */
  writeSpins(place: number, spins: ArrayLike<number>): void;
  /** Spins and random stream of a replica. */
  save(place: number): Uint8Array;
  /** @throws {InvalidArgumentError} when the bytes are not of this kernel and model. */
  load(place: number, saved: Uint8Array): void;
  /** What runs, in words. */
  describe(): string;
}

/** Arrays that spins can be written to. */
export type SpinArray = Float64Array | Float32Array | Int32Array | Int8Array | number[];

/** What every kernel is made with. */
export interface EngineOptions {
  readonly seed: number;
  /** Numbers of the replicas, which name their random streams. */
  readonly replicas: readonly number[];
  readonly kernel: UpdateKernel;
  /** Binary digits of thresholds. */
  readonly thresholdBits: number;
  /** false: the plain twins. Default: vector code where the host has it. */
  readonly simd: boolean;
}

/** Whether vector code is to run: the caller's wish, or what the host has. */
export function wantsSimd(simd: boolean | undefined): boolean {
  return simd ?? (features().simd && features().bulkMemory);
}

/** The memory of an arena as words. */
export function wordsOf(arena: MemoryArena): Int32Array {
  return new Int32Array(arena.memory.buffer);
}
