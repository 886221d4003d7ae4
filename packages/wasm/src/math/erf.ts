/** erf(x) = x + x P(x²) below 0.9, 1 − exp(−x²) Q((x − 2)/(x + 2)) above, 1 from 6 on. */
import { when } from "../control.ts";
import type { ModuleBuilder } from "../module-builder.ts";
import { i32 } from "../scalar-instructions.ts";
import { f64x2, i64x2, v128 } from "../vector-instructions.ts";
import { ERF, ERFCX } from "./coefficients.ts";
import { addExp, expPlain } from "./exp.ts";
import { polynomial as polynomialPlain } from "./plain-arithmetic.ts";
import { addOnce, both, polynomial, type VectorFunction } from "./vector-arithmetic.ts";

const MIDDLE = 0.9;
const LAST = 6;
/** erfc is below the smallest number from here on. */
const UNDERFLOW = 27.3;

const { abs, neg, add, sub, mul, div, lt, pmin } = f64x2;

/** erf(x), bit for bit as the vector function of `addErf`; error below 1.5 ulp. */
export function erfPlain(x: number): number {
  const size = Math.abs(x);
  const a = size > LAST ? LAST : size;
  const z = a * a;
  if (a < MIDDLE) return x + x * polynomialPlain(z, ERF);
  const t = (a - 2) / (a + 2);
  const value = 1 - expPlain(-z) * polynomialPlain(t, ERFCX);
  return x < 0 ? -value : value;
}

/**
 * erfc(x) = 1 − erf(x) with its digits also where it is small: relative error below 3e-16 up to x = 6, beyond by the
 * continued fraction of exp(x²) erfc(x) below 1e-14.
 */
export function erfcPlain(x: number): number {
  if (x < MIDDLE) return 1 - erfPlain(x);
  if (x > UNDERFLOW) return 0;
  const z = x * x;
  if (x <= LAST) return expPlain(-z) * polynomialPlain((x - 2) / (x + 2), ERFCX);
  let fraction = 0;
  for (let k = 16; k >= 1; k--) fraction = (k * (k - 0.5)) / (z + 2 * k + 0.5 - fraction);
  return (x * expPlain(-z)) / (Math.sqrt(Math.PI) * (z + 0.5 - fraction));
}

/** Adds erf(x) of two lanes to a module (once); error below 1.5 ulp. */
export function addErf(module: ModuleBuilder): VectorFunction {
  const exp = addExp(module);
  return addOnce(module, "erf", (fn, x) => {
    const [a, z, t] = fn.locals("f64x2", 3);
    const [isNear, near, far] = [fn.local("i64x2"), fn.local("f64x2"), fn.local("f64x2")];
    return [
      a.set(pmin(abs(x), both(LAST))),
      z.set(mul(a, a)),
      isNear.set(lt(a, both(MIDDLE))),
      when(v128.any_true(isNear), [near.set(add(x, mul(x, polynomial(fn, z, ERF))))]),
      when(i32.eqz(i64x2.all_true(isNear)), [
        t.set(div(sub(a, both(2)), add(a, both(2)))),
        far.set(sub(both(1), mul(exp(neg(z)), polynomial(fn, t, ERFCX)))),
        far.set(v128.or(far, v128.and(x, both(-0)))),
      ]),
      v128.bitselect(near, far, isNear),
    ];
  });
}
