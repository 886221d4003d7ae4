/** tanh, the logistic sigmoid and softplus, from exp, expm1 and log1p of an argument whose sign cannot overflow. */
import type { ModuleBuilder } from "../module-builder.ts";
import { f64x2, v128 } from "../vector-instructions.ts";
import { addExp, expPlain } from "./exp.ts";
import { addExpm1, expm1Plain } from "./expm1.ts";
import { addLog1p, log1pPlain } from "./log.ts";
import { addOnce, both, type VectorFunction } from "./vector-arithmetic.ts";

/** ½ log 3, above which tanh is at least ½. */
const HALF_LOG_3 = 0.5493061443340549;

const { abs, neg, add, mul, div, lt, ge, max } = f64x2;

/** tanh(x), bit for bit as the vector function of `addTanh`; error below 2 ulp. */
export function tanhPlain(x: number): number {
  const a = Math.abs(x);
  const t = expm1Plain(2 * a);
  const value = a >= HALF_LOG_3 ? 1 + -2 / (t + 2) : t / (t + 2);
  return x < 0 || Object.is(x, -0) ? -value : value;
}

/** 1/(1 + exp(−x)), bit for bit as the vector function of `addSigmoid`; error below 2 ulp. */
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
  const expm1 = addExpm1(module);
  return addOnce(module, "tanh", (fn, x) => {
    const [a, t, large, quotient] = [fn.local("f64x2"), fn.local("f64x2"), fn.local("i64x2"), fn.local("f64x2")];
    return [
      a.set(abs(x)),
      t.set(expm1(mul(both(2), a))),
      large.set(ge(a, both(HALF_LOG_3))),
      quotient.set(div(v128.bitselect(both(-2), t, large), add(t, both(2)))),
      quotient.set(v128.bitselect(add(both(1), quotient), quotient, large)),
      v128.or(quotient, v128.and(x, both(-0))),
    ];
  });
}

/** Adds 1/(1 + exp(−x)) of two lanes to a module (once); error below 2 ulp. */
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
