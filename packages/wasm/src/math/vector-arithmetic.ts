import type { Expr } from "../expression.ts";
import type { FunctionRef } from "../function-builder.ts";
import type { ModuleBuilder } from "../module-builder.ts";
import { f64x2 } from "../vector-instructions.ts";

/** Function of two lanes that `addExp` and its like add to a module. */
export type VectorFunction = FunctionRef<readonly ["v128"], readonly ["v128"]>;

/** One number in both lanes. */
export function both(value: number): Expr<"v128"> {
  return f64x2.const(value);
}

/** Polynomial by Horner's rule, coefficients lowest degree first; `x` is emitted once per degree, so pass a local. */
export function horner(x: Expr<"v128">, coefficients: readonly number[]): Expr<"v128"> {
  return coefficients.map(both).reduceRight((value, coefficient) => f64x2.add(f64x2.mul(value, x), coefficient));
}

/** Adds a function of one vector to a module the first time it is asked for. */
export function addOnce(
  module: ModuleBuilder,
  name: string,
  body: Parameters<typeof module.function<readonly ["v128"], readonly ["v128"]>>[2],
): VectorFunction {
  return module.once(name, () => module.function(name, { params: ["v128"], results: ["v128"] }, body));
}
