/**
 * tanh, the logistic sigmoid and softplus: from exp and log1p of arguments that cannot do harm by overflowing, and
 * for small |x| tanh by a polynomial.
 */
import { when } from "../control.ts";
import type { ModuleBuilder } from "../module-builder.ts";
import { i32 } from "../scalar-instructions.ts";
import { f64x2, i64x2, v128 } from "../vector-instructions.ts";
import { TANH } from "./coefficients.ts";
import { addExp, expPlain } from "./exp.ts";
import { addLog1p, log1pPlain } from "./log.ts";
import { polynomial as polynomialPlain } from "./plain-arithmetic.ts";
import { addOnce, both, polynomial, type VectorFunction } from "./vector-arithmetic.ts";

/** ½ log 3, where tanh is ½. */
const HALF_LOG_3 = 0.5493061443340549;

const { abs, neg, add, sub, mul, div, lt, max } = f64x2;

/** tanh(x), bit for bit as the vector function of `addTanh`; error below 2 ulp. */
export function tanhPlain(x: number): number {
  const a = Math.abs(x);
  const z = x * x;
  if (x === 0) return x;
  if (a < HALF_LOG_3) return x + x * z * polynomialPlain(z, TANH);
  const value = 1 - 2 / (expPlain(2 * a) + 1);
  return x < 0 ? -value : value;
}

/** 1/(1 + exp(−x)), bit for bit as the vector function of `addSigmoid`; error below 2.5 ulp. */
export function sigmoidPlain(x: number): number {
  const t = expPlain(-Math.abs(x));
  return (x < 0 ? t : 1) / (1 + t);
}

/** log(1 + exp x), bit for bit as the vector function of `addSoftplus`; error below 2 ulp. */
export function softplusPlain(x: number): number {
  return Math.max(x, 0) + log1pPlain(expPlain(-Math.abs(x)));
}

/** Adds tanh(x) of two lanes to a module (once); error below 2 ulp. */
export function addTanh(module: ModuleBuilder): VectorFunction {
  const exp = addExp(module);
  return addOnce(module, "tanh", (fn, x) => {
    const [a, z, isNear] = [fn.local("f64x2"), fn.local("f64x2"), fn.local("i64x2")];
    const [near, far] = fn.locals("f64x2", 2);
    return [
      a.set(abs(x)),
      isNear.set(lt(a, both(HALF_LOG_3))),
      when(v128.any_true(isNear), [z.set(mul(x, x)), near.set(add(x, mul(mul(x, z), polynomial(fn, z, TANH))))]),
      when(i32.eqz(i64x2.all_true(isNear)), [far.set(sub(both(1), div(both(2), add(exp(mul(both(2), a)), both(1)))))]),
      v128.or(v128.bitselect(near, far, isNear), v128.and(x, both(-0))),
    ];
  });
}

/** Adds 1/(1 + exp(−x)) of two lanes to a module (once); error below 2.5 ulp. */
export function addSigmoid(module: ModuleBuilder): VectorFunction {
  const exp = addExp(module);
  return addOnce(module, "sigmoid", (fn, x) => {
    const t = fn.local("f64x2");
    return [t.set(exp(neg(abs(x)))), div(v128.bitselect(t, both(1), lt(x, both(0))), add(both(1), t))];
  });
}

/** Adds log(1 + exp x) of two lanes to a module (once); error below 2 ulp. */
export function addSoftplus(module: ModuleBuilder): VectorFunction {
  const exp = addExp(module);
  const log1p = addLog1p(module);
  return addOnce(module, "softplus", (_, x) => [add(max(x, both(0)), log1p(exp(neg(abs(x)))))]);
}
