import { f64, f64x2, forLoop, i32, instantiate, MemoryArena, ModuleBuilder } from "@siegert/wasm";
import { medianMs } from "../measure.ts";

const LANES = 2;
const ACCUMULATORS = 4;
const BYTES = 8;

/** Milliseconds to read so many float64 once and add them up with SIMD: no engine that reads its data can be faster. */
export function bandwidthFloorMs(count: number): number {
  const whole = Math.floor(count / (LANES * ACCUMULATORS)) * LANES * ACCUMULATORS;
  const arena = new MemoryArena();
  const data = arena.allocate(whole);
  data.view().fill(1);
  const { sum } = instantiate<{ sum(at: number, count: number): number }>(sumModule(), {
    env: { memory: arena.memory },
  });
  if (sum(data.ptr, whole) !== whole) throw new Error("the summing kernel is wrong");
  return medianMs(() => void sum(data.ptr, whole), 9);
}

function sumModule(): ModuleBuilder {
  const module = new ModuleBuilder();
  module.memory({ minimum: 1, import: ["env", "memory"] });
  module.function("sum", { params: ["i32", "i32"], results: ["f64"], export: true }, (fn, at, count) => {
    const i = fn.local("i32");
    const sums = Array.from({ length: ACCUMULATORS }, () => fn.local("f64x2"));
    const step = LANES * ACCUMULATORS;
    const [first, second, third, fourth] = sums;
    return [
      forLoop(i, 0, count, step, [
        ...sums.map((sum, k) => sum.set(f64x2.add(sum, f64x2.load(at, k * LANES * BYTES)))),
        at.set(i32.add(at, i32.const(step * BYTES))),
      ]),
      first!.set(f64x2.add(f64x2.add(first!, second!), f64x2.add(third!, fourth!))),
      f64.add(f64x2.extract_lane(first!, 0), f64x2.extract_lane(first!, 1)),
    ];
  });
  return module;
}
