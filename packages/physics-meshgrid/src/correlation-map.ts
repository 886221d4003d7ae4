import { InvalidArgumentError } from "@siegert/errors";
import { ChannelGrid, type Experiment, type Model, phaseFactor } from "@siegert/physics-core";
import { hostArena } from "./arena.ts";
import { ChannelValues } from "./channel-values.ts";
import { CorrelationRows, firstColumn } from "./correlation-rows.ts";
import { createSeparable } from "./create-separable.ts";
import { plainFrameKernels } from "./frame-kernels.ts";
import type { SeparableModel } from "./separable-model.ts";
import { TileLayout } from "./tile-layout.ts";

/** Contrast and offset of one angle. */
export interface Scaling {
  readonly contrast: number;
  readonly offset: number;
}

/** Tiles of maps: the rows written are contiguous and the columns written stay in the first cache. */
const TILE = 64;

/** Computes whole maps, of every frame, without data. */
export class CorrelationMaps {
  readonly #model: Model;
  readonly #experiment: Experiment;
  readonly #layout: TileLayout;
  readonly #channels: ChannelValues;
  readonly #separable: SeparableModel;
  readonly #rows: CorrelationRows;
  readonly #values: Float64Array = new Float64Array(TILE);

  /** @throws {InvalidArgumentError} for an invalid experiment. */
  constructor(model: Model, experiment: Experiment) {
    this.#model = model;
    this.#experiment = experiment;
    this.#channels = new ChannelValues(new ChannelGrid(model, experiment), 0, hostArena, plainFrameKernels);
    this.#layout = new TileLayout(experiment.times.length, 0, TILE);
    this.#separable = createSeparable(model, experiment, this.#layout, hostArena, plainFrameKernels);
    this.#rows = new CorrelationRows(this.#separable, TILE);
  }

  /** c2 of one angle, shape (N, N), symmetric; parameters that are not finite give NaN. */
  write(parameters: Float64Array, angle: number, { contrast, offset }: Scaling, out: Float64Array): Float64Array {
    const { frames, tiles } = this.#layout;
    this.#channels.evaluate(parameters);
    this.#separable.setChannels(this.#channels.values);
    const index = this.#model.phi0Index;
    const phi0 = index < 0 ? 0 : parameters[index]!;
    this.#separable.setAngle(phaseFactor(this.#model, this.#experiment, this.#experiment.phi[angle]!, phi0).kappa);
    const values = this.#values;
    for (const tile of tiles) {
      this.#separable.setTile(tile);
      for (let r = 0; r < tile.rows; r++) {
        const start = firstColumn(tile, r);
        this.#rows.values(tile, r, start, values);
        const i = tile.row + r;
        for (let c = start; c < tile.columns; c++) {
          const value = offset + contrast * values[c]!;
          const j = tile.column + c;
          out[i * frames + j] = value;
          out[j * frames + i] = value;
        }
      }
    }
    for (let i = 0; i < frames; i++) out[i * frames + i] = offset + contrast;
    return out;
  }
}

/**
 * The two-time correlation c2 of every pair of frames at one angle: shape (N, N) row-major, symmetric, with
 * offset + contrast on the diagonal. No data are needed. Parameters that are not finite give entries that are not.
 *
 * @param physicalParameters in the order of `model.parameters`.
 * @param angle index into `experiment.phi`.
 * @param out where to write, N·N numbers; a new array when omitted.
 * @throws {InvalidArgumentError} for an invalid experiment, an angle out of range or arrays of the wrong length.
 */
export function correlationMap(
  model: Model,
  experiment: Experiment,
  physicalParameters: Float64Array,
  angle: number,
  scaling: Scaling,
  out?: Float64Array,
): Float64Array {
  const maps = new CorrelationMaps(model, experiment);
  if (physicalParameters.length !== model.parameters.length) {
    const requirement = `hold the ${model.parameters.length} physical parameters`;
    throw new InvalidArgumentError("physicalParameters", requirement, physicalParameters);
  }
  checkAngle(angle, experiment.phi.length);
  return maps.write(physicalParameters, angle, scaling, mapBuffer(experiment.times.length, out));
}

/** @throws {InvalidArgumentError} unless `angle` is an index below `angles`. */
export function checkAngle(angle: number, angles: number): void {
  if (Number.isInteger(angle) && angle >= 0 && angle < angles) return;
  throw new InvalidArgumentError("angle", `be an integer from 0 to ${angles - 1}, an index of the angles`, angle);
}

/** `out`, or a new array. @throws {InvalidArgumentError} for a wrong length. */
export function mapBuffer(frames: number, out: Float64Array | undefined): Float64Array {
  if (out === undefined) return new Float64Array(frames * frames);
  if (out.length !== frames * frames) throw new InvalidArgumentError("out", `hold ${frames} × ${frames} numbers`, out);
  return out;
}
