import { ChannelGrid, type Experiment, type Model } from "@siegert/physics-core";
import { chainToParameters } from "./physics.ts";
import { frameStride, LANES, type ShardMemory } from "./shard-memory.ts";

/** Rows of the homodyne modes' workspace. */
export const HOMODYNE_ROW = {
  /** ∫D and ∫γ̇, and the derivatives by them. */
  diffusion: 0,
  byDiffusion: 1,
  shear: 2,
  byShear: 3,
  /** Of the WebAssembly stage: ln max(t, dt/2, 1e-8), ones, and derivatives of the rates by amplitude and offset. */
  logTime: 4,
  one: 5,
  diffusionShape: 6,
  diffusionFree: 7,
  shearShape: 8,
  shearFree: 9,
} as const;

/** Name of a row. */
export type HomodyneRow = keyof typeof HOMODYNE_ROW;

/** The rows, each of the frames rounded up to an even number. */
export type HomodyneFrames = Readonly<Record<HomodyneRow, Float64Array>>;

const ROW_NAMES = Object.keys(HOMODYNE_ROW) as HomodyneRow[];

/** Numbers that {@link homodyneFrames} takes from the workspace. */
export function homodyneWorkspace(frames: number): number {
  return ROW_NAMES.length * frameStride(frames);
}

/** The rows as views of the workspace. */
export function homodyneFrames({ pairs, workspace }: ShardMemory): HomodyneFrames {
  const stride = frameStride(pairs.frames);
  const row = (name: HomodyneRow): [HomodyneRow, Float64Array] => {
    const start = HOMODYNE_ROW[name] * stride;
    return [name, workspace.subarray(start, start + stride)];
  };
  return Object.fromEntries(ROW_NAMES.map(row)) as Record<HomodyneRow, Float64Array>;
}

/** The loops over frames that take transcendental functions. */
export interface HomodyneStage {
  /** Writes the integrals, and keeps what `chain` needs when `withGradient`. */
  evaluate(parameters: Float64Array, withGradient: boolean): void;
  /** Writes cos φ, sin φ and φ = κ∫γ̇ of one angle to the tables of factors. */
  writePhase(angle: number, kappa: number): void;
  /** Writes the derivatives by the rates' parameters from the derivatives by the integrals. */
  chain(parameters: Float64Array, gradient: Float64Array): void;
}

/** The stage in TypeScript. */
export function homodyneStage(
  model: Model,
  experiment: Experiment,
  memory: ShardMemory,
  own: HomodyneFrames,
): HomodyneStage {
  const grid = new ChannelGrid(model, experiment);
  const { frames } = memory.pairs;
  const rows = [own.diffusion, own.shear].slice(0, grid.channels.length);
  const derivatives = [own.byDiffusion, own.byShear].slice(0, rows.length).map((row) => row.subarray(0, frames));
  return {
    evaluate: (parameters, withGradient) => {
      if (withGradient) grid.evaluateWithTangents(parameters);
      else grid.evaluate(parameters);
      for (let c = 0; c < rows.length; c++) rows[c]!.set(grid.channels[c]!.values);
    },
    writePhase: (angle, kappa) => {
      const { left, right } = memory;
      for (let i = 0, at = LANES * angle * frames; i < frames; i++, at += LANES) {
        const phase = kappa * own.shear[i]!;
        const cosine = Math.cos(phase);
        const sine = Math.sin(phase);
        left[at + 1] = cosine;
        left[at + 2] = sine;
        left[at + 3] = phase;
        right[at + 1] = cosine;
        right[at + 2] = sine;
        right[at + 3] = phase;
      }
    },
    chain: (_, gradient) => chainToParameters(grid, derivatives, gradient),
  };
}
