import { sequence } from "../control.ts";
import type { Expr } from "../expression.ts";
import type { FunctionBuilder, FunctionRef } from "../function-builder.ts";
import type { ModuleBuilder } from "../module-builder.ts";
import { f64x2 } from "../vector-instructions.ts";

/** Function of two lanes that `addExp` and its like add to a module. */
export type VectorFunction = FunctionRef<readonly ["v128"], readonly ["v128"]>;

/** One number in both lanes. */
export function both(value: number): Expr<"v128"> {
  return f64x2.const(value);
}

/**
 * Polynomial, coefficients lowest degree first: its even and odd parts by Horner's rule in x², which takes half the
 * time of one chain. `x` is emitted more than once, so pass a local.
 */
export function polynomial(fn: FunctionBuilder, x: Expr<"v128">, coefficients: readonly number[]): Expr<"v128"> {
  const square = fn.local("f64x2");
  const chain = (parity: number) =>
    coefficients
      .filter((_, k) => k % 2 === parity)
      .map(both)
      .reduceRight((value, coefficient) => f64x2.add(f64x2.mul(value, square), coefficient));
  return sequence([square.set(f64x2.mul(x, x))], f64x2.add(chain(0), f64x2.mul(chain(1), x)));
}

/** Adds a function of one vector to a module the first time it is asked for. */
export function addOnce(
  module: ModuleBuilder,
  name: string,
  body: Parameters<typeof module.function<readonly ["v128"], readonly ["v128"]>>[2],
): VectorFunction {
  return module.once(name, () => module.function(name, { params: ["v128"], results: ["v128"] }, body));
}
