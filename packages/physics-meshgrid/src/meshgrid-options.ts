import { InvalidArgumentError } from "@siegert/errors";
import { checkExperiment, type Experiment, type Model } from "@siegert/physics-core";
import type { PairSource } from "./pair-source.ts";

/** Which implementation evaluates the pairs. */
export type EngineName = "wasm" | "plain";

/** What to fit, and how to go about it. */
export interface MeshgridOptions {
  readonly model: Model;
  readonly experiment: Experiment;
  /**
   * Measured c2: (angles, N, N) row-major, or one N·N array per angle, or a function that gives the array of an angle
   * when it is packed (so that one map is in memory at a time). Only entries with row < column are read; nothing is kept.
   */
  readonly c2: PairSource;
  /** Weights ≥ 0 of the squared residuals, in the same forms. 0 takes a pair out, whatever c2 holds there. */
  readonly weights?: PairSource | undefined;
  /** Frames per side of a tile, even, from 4 to 1024. Default 128. Results depend on it by rounding only. */
  readonly tileSize?: number | undefined;
  /** Default `auto`: WebAssembly where the host has it with SIMD, and the data fit its memory. */
  readonly engine?: "auto" | EngineName | undefined;
}

/** Tile side: rows and columns of a tile stay in the first cache, and there are few tiles to set up. */
const TILE = 128;

/**
 * Checks what does not need the data.
 *
 * @returns the tile size.
 * @throws {InvalidArgumentError} for an invalid experiment, tile size or engine.
 */
export function checkOptions({ experiment, tileSize = TILE, engine = "auto" }: MeshgridOptions): number {
  checkExperiment(experiment);
  if (!(Number.isInteger(tileSize) && tileSize >= 4 && tileSize <= 1024 && tileSize % 2 === 0)) {
    throw new InvalidArgumentError("tileSize", "be an even integer from 4 to 1024", tileSize);
  }
  if (!["auto", "wasm", "plain"].includes(engine)) {
    throw new InvalidArgumentError("engine", "be 'auto', 'wasm' or 'plain'", engine);
  }
  return tileSize;
}
