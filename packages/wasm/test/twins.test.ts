import fc from "fast-check";
import { expect, test } from "vitest";
import * as wasm from "../src/index.ts";
import {
  f64x2,
  i32,
  instantiate,
  ModuleBuilder,
  setAll,
  type VectorFunction,
  v128,
  type WasmMemory,
} from "../src/index.ts";
import { disassemble } from "./wabt.ts";

const unary: Readonly<Record<string, readonly [(module: ModuleBuilder) => VectorFunction, (x: number) => number]>> = {
  exp: [wasm.addExp, wasm.expPlain],
  expm1: [wasm.addExpm1, wasm.expm1Plain],
  log: [wasm.addLog, wasm.logPlain],
  log1p: [wasm.addLog1p, wasm.log1pPlain],
  sin: [wasm.addSin, wasm.sinPlain],
  cos: [wasm.addCos, wasm.cosPlain],
  tanh: [wasm.addTanh, wasm.tanhPlain],
  sigmoid: [wasm.addSigmoid, wasm.sigmoidPlain],
  softplus: [wasm.addSoftplus, wasm.softplusPlain],
  erf: [wasm.addErf, wasm.erfPlain],
  lgamma: [wasm.addLgamma, wasm.lgammaPlain],
  digamma: [wasm.addDigamma, wasm.digammaPlain],
};

type Lanes = readonly [number, number];

/** The vector function on two lanes. */
function lanesOf(add: (module: ModuleBuilder) => VectorFunction): (a: number, b: number) => Lanes {
  const module = new ModuleBuilder();
  module.memory({ minimum: 1, export: "memory" });
  const f = add(module);
  module.function("run", { params: [], results: [], export: true }, () => [
    v128.store(i32.const(0), f(f64x2.load(i32.const(0)))),
  ]);
  const { run, memory } = instantiate<{ run: () => void; memory: WasmMemory }>(module);
  const view = new Float64Array(memory.buffer, 0, 2);
  return (a, b) => {
    view.set([a, b]);
    run();
    return [view[0]!, view[1]!];
  };
}

/** Any float64: all exponents alike often, subnormals, ±0, ±∞, NaN, and everyday numbers. */
const anyDouble = fc.oneof(
  fc.double(),
  fc.double({ min: -50, max: 50 }),
  fc.double({ min: -1, max: 1 }),
  fc.integer({ min: -200, max: 200 }).map((k) => k / 2),
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((bits) => new Float64Array(BigUint64Array.of(bits).buffer)[0]!),
  fc.constantFrom(0, -0, Infinity, -Infinity, Number.NaN, Number.MIN_VALUE, -Number.MIN_VALUE, Number.MAX_VALUE),
);

for (const [name, [add, plain]] of Object.entries(unary)) {
  test(`${name}: both lanes are the plain twin, bit for bit`, () => {
    const lanes = lanesOf(add);
    fc.assert(
      fc.property(anyDouble, anyDouble, (a, b) => {
        expect(lanes(a, b)).toEqual([plain(a), plain(b)]);
      }),
      { numRuns: 4000, seed: 11 },
    );
  });
}

test("sincos is sin and cos", () => {
  const module = new ModuleBuilder();
  module.memory({ minimum: 1, export: "memory" });
  const sincos = wasm.addSinCos(module);
  module.function("run", { params: [], results: [], export: true }, (fn) => {
    const [s, c] = fn.locals("f64x2", 2);
    return [
      setAll([s, c], sincos(f64x2.load(i32.const(0)))),
      f64x2.store(i32.const(16), s),
      f64x2.store(i32.const(32), c),
    ];
  });
  const { run, memory } = instantiate<{ run: () => void; memory: WasmMemory }>(module);
  const view = new Float64Array(memory.buffer, 0, 6);
  fc.assert(
    fc.property(anyDouble, anyDouble, (a, b) => {
      view.set([a, b]);
      run();
      expect([...view.subarray(2)]).toEqual([wasm.sinPlain(a), wasm.sinPlain(b), wasm.cosPlain(a), wasm.cosPlain(b)]);
    }),
    { numRuns: 2000, seed: 12 },
  );
});

test("pow: both lanes are the plain twin, bit for bit", () => {
  const module = new ModuleBuilder();
  module.memory({ minimum: 1, export: "memory" });
  const pow = wasm.addPow(module);
  module.function("run", { params: [], results: [], export: true }, () => [
    v128.store(i32.const(32), pow(f64x2.load(i32.const(0)), f64x2.load(i32.const(16)))),
  ]);
  const { run, memory } = instantiate<{ run: () => void; memory: WasmMemory }>(module);
  const view = new Float64Array(memory.buffer, 0, 6);
  fc.assert(
    fc.property(anyDouble, anyDouble, anyDouble, anyDouble, (a, b, c, d) => {
      view.set([a, b, c, d]);
      run();
      expect([...view.subarray(4)]).toEqual([wasm.powPlain(a, c), wasm.powPlain(b, d)]);
    }),
    { numRuns: 4000, seed: 13 },
  );
});

test("all functions together in one module share their parts and compile", () => {
  const module = new ModuleBuilder();
  const added = Object.values(unary).map(([add]) => add(module));
  const again = Object.values(unary).map(([add]) => add(module));
  expect(again).toEqual(added);
  added.forEach((f, k) => {
    expect(again[k]).toBe(f);
  });
  wasm.addSinCos(module);
  wasm.addPow(module);
  disassemble(module.bytes());
  expect(instantiate(module)).toEqual({});
});
