/** What vector operations the machine can do, and how many of them a spin takes. */
import { type Expr, forLoop, i32, i32x4, instantiate, ModuleBuilder, v128 } from "@siegert/wasm";

/**
 * Vector operations (of a random generator: sums, exclusive ors, shifts by constants) of 128 spins of a lattice with K
 * digits: per digit 14 for the generator and one for each of two thresholds, 12 for the decision, 5 reads and writes.
 */
export function latticeOperations(bits: number): number {
  return 16 * bits + 17;
}

/** Vector operations per nanosecond: twelve independent chains of them, the best of many short runs. */
export function vectorOperationsPerNs(): number {
  const [chains, rounds] = [12, 40];
  const module = new ModuleBuilder();
  module.memory({ minimum: 1 });
  module.function("run", { params: ["i32"], results: ["i32"], export: true }, (fn, turns) => {
    const words = Array.from({ length: chains }, () => fn.local("i32x4"));
    const [a, b] = fn.locals("i32x4", 2);
    const sums = words.map((word) => word.set(i32x4.add(word, a)));
    const bits = words.map((word) => word.set(v128.xor(word, b)));
    const body = Array.from({ length: rounds }, (_, round) => (round % 2 === 0 ? sums : bits)).flat();
    const mixed = words.slice(1).reduce<Expr<"v128">>((sum, word) => v128.xor(sum, word), words[0]!);
    return [
      a.set(i32x4.splat(turns)),
      b.set(i32x4.splat(i32.mul(turns, i32.const(77)))),
      forLoop(fn.local("i32"), 0, turns, 1, body),
      i32x4.extract_lane(mixed, 0),
    ];
  });
  const { run } = instantiate<{ run(turns: number): number }>(module);
  const turns = 2000;
  for (let k = 0; k < 200; k++) run(turns);
  let best = Infinity;
  for (let k = 0; k < 200; k++) {
    const begin = performance.now();
    run(turns);
    best = Math.min(best, performance.now() - begin);
  }
  return (turns * rounds * chains) / best / 1e6;
}
