import type { ChannelGrid } from "@siegert/physics-core";
import type { FactorForm, SeparableModel } from "./separable-model.ts";
import { productSize } from "./symmetric-product.ts";

/** A derivative of component `component` by physical parameter `parameter`: where it stands among the vectors. */
export interface DerivativeVector {
  readonly component: number;
  readonly parameter: number;
  readonly index: number;
}

/**
 * Which vectors per frame the products of the Jacobian need: vector 0 is the constant 1 (of the offset), 1 … K are the
 * components u_k, and then their derivatives, ∂M_ij/∂θ = Σ_k u′_kθ,i ū_k,j + u_k,i ū′_kθ,j.
 */
export interface VectorPlan {
  readonly components: number;
  readonly derivatives: readonly DerivativeVector[];
  /** Number of vectors, rounded up for products. */
  readonly size: number;
}

export function planVectors(separable: SeparableModel, grid: ChannelGrid, form: FactorForm): VectorPlan {
  const derivatives: DerivativeVector[] = [];
  const add = (component: number, parameter: number) =>
    derivatives.push({ component, parameter, index: 1 + form.components + derivatives.length });
  for (let e = 0; e < separable.exponents; e++) {
    for (const parameter of grid.channels[e]!.parameters) {
      for (let k = 0; k < form.components; k++) if (form.powers[k]![e]! > 0) add(k, parameter);
    }
  }
  if (form.rotates) {
    for (const parameter of [...grid.channels[separable.phaseChannel]!.parameters, grid.model.phi0Index]) {
      add(2, parameter);
      add(3, parameter);
    }
  }
  if (separable.fractionChannel >= 0) {
    for (const parameter of grid.channels[separable.fractionChannel]!.parameters) {
      for (let k = 0; k < form.components; k++) add(k, parameter);
    }
  }
  const used = 1 + form.components + derivatives.length;
  return { components: form.components, derivatives, size: productSize(used) };
}
