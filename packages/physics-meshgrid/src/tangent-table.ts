import type { ChannelGrid } from "@siegert/physics-core";
import type { Arena } from "./arena.ts";

/** How a physical parameter enters the derivative of a pair. */
export type Role =
  /** ∂M/∂C_j (t_j − t_i) with a decaying channel. */
  | { readonly kind: "exponent"; readonly channel: number }
  /** κ ∂M/∂Φ (t_j − t_i). */
  | { readonly kind: "phase" }
  /** phi0: ∂κ/∂phi0 ∂M/∂Φ (V_j − V_i). */
  | { readonly kind: "direction" }
  /** ∂M/∂f_i t_i + ∂M/∂f_j t_j with the sample fraction. */
  | { readonly kind: "fraction" };

/** The role of each physical parameter. */
export function rolesOf(grid: ChannelGrid): Role[] {
  const roles: Role[] = grid.model.parameters.map(() => ({ kind: "direction" }));
  for (const [channel, { name, parameters }] of grid.channels.entries()) {
    const isPhase = name === "shear" || name === "velocity";
    for (const parameter of parameters) {
      roles[parameter] =
        name === "fraction" ? { kind: "fraction" } : isPhase ? { kind: "phase" } : { kind: "exponent", channel };
    }
  }
  return roles;
}

/** Tangents t of the used frames, one row of `padded` numbers per physical parameter; for phi0 the integral V itself. */
export class TangentTable {
  readonly values: Float64Array;
  readonly padded: number;
  readonly roles: readonly Role[];
  readonly #grid: ChannelGrid;
  readonly #first: number;

  constructor(grid: ChannelGrid, first: number, padded: number, arena: Arena) {
    this.#grid = grid;
    this.#first = first;
    this.padded = padded;
    this.roles = rolesOf(grid);
    this.values = arena.allocate(this.roles.length * padded);
  }

  /** Takes the tangents of the grid, which must have been evaluated with them. */
  take(): void {
    const frames = this.#grid.times.length;
    for (const { name, parameters, tangents, values } of this.#grid.channels) {
      for (let p = 0; p < parameters.length; p++) {
        const row = tangents.subarray(p * frames + this.#first, (p + 1) * frames);
        this.values.set(row, parameters[p]! * this.padded);
      }
      if (name !== "shear" && name !== "velocity") continue;
      this.values.set(values.subarray(this.#first), this.#grid.model.phi0Index * this.padded);
    }
  }
}
