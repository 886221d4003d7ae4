import { br_if, f64x2, forLoop, i32, type Local, loop, type ModuleBuilder, type Statement, when } from "@siegert/wasm";
import { accumulate, clear, lanes } from "./tile-kernel.ts";

/** Rows of A that one turn of the loop takes as left and as right factors: eight sums, six loads. */
const LEFT = 4;
const RIGHT = 2;
/** Vectors of two columns per turn of the loop: they share addresses. */
const UNROLL = 2;

/** Arguments, all in bytes: A, its rows × 8, its stride, first and last column, and the matrix to add to. */
const PARAMETERS = ["i32", "i32", "i32", "i32", "i32", "i32"] as const;

/** Adds A Aᵀ to a matrix, as `SymmetricProduct` describes it, with `start` and `end` even. */
export function addSymmetricProductKernel(module: ModuleBuilder): void {
  const options = { params: PARAMETERS, results: [], export: "symmetricProduct" } as const;
  module.function("symmetricProduct", options, (fn, a, size, stride, start, end, out) => {
    const [p, q, target] = fn.locals("i32", 3) as [Local<"i32">, Local<"i32">, Local<"i32">];
    const left = fn.locals("i32", LEFT);
    const right = fn.locals("i32", RIGHT);
    const sums = fn.locals("v128", LEFT * RIGHT);
    const [x, y] = [fn.locals("v128", LEFT), fn.locals("v128", RIGHT)];
    // p and q count rows × 8.
    const rowAddress = (row: Local<"i32">, k: number) =>
      i32.add(i32.add(a, start), i32.mul(i32.add(i32.shr_u(row, i32.const(3)), i32.const(k)), stride));
    const products = (offset: number): Statement[] => [
      ...x.map((local, k) => local.set(f64x2.load(left[k]!, offset, 8))),
      ...y.map((local, k) => local.set(f64x2.load(right[k]!, offset, 8))),
      ...sums.map((sum, k) => sum.set(f64x2.add(sum, f64x2.mul(x[k >> 1]!, y[k & 1]!)))),
    ];
    const step = (vectors: number): Statement[] => [
      ...Array.from({ length: vectors }, (_, v) => products(16 * v)).flat(),
      ...[...left, ...right].map((pointer) => pointer.set(i32.add(pointer, i32.const(16 * vectors)))),
    ];
    // The loop ends on the first of the left rows.
    const [whole, last] = fn.locals("i32", 2) as [Local<"i32">, Local<"i32">];
    const isBelow = (limit: Local<"i32">) => i32.lt_u(left[0]!, limit);
    const store = sums.flatMap((sum, k) => {
      const row = i32.add(i32.shr_u(p, i32.const(3)), i32.const(k >> 1));
      return [target.set(i32.add(out, i32.add(i32.mul(row, size), q))), accumulate(target, lanes(sum), 8 * (k & 1))];
    });
    const length = () => i32.sub(end, start);
    const block: Statement[] = [
      ...left.map((local, k) => local.set(rowAddress(p, k))),
      ...right.map((local, k) => local.set(rowAddress(q, k))),
      ...clear(sums),
      last.set(i32.add(left[0]!, length())),
      whole.set(i32.add(left[0]!, i32.and(length(), i32.const(-16 * UNROLL)))),
      when(isBelow(whole), [loop((again) => [...step(UNROLL), br_if(again, isBelow(whole))])]),
      when(isBelow(last), step(1)),
      ...store,
    ];
    return [
      forLoop(p, i32.const(0), size, 8 * LEFT, [
        forLoop(q, i32.const(0), i32.add(p, i32.const(8 * LEFT)), 8 * RIGHT, block),
      ]),
    ];
  });
}
