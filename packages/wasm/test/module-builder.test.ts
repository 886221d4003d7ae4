import fc from "fast-check";
import { expect, expectTypeOf, test } from "vitest";
import {
  block,
  br,
  br_if,
  drop,
  type Expr,
  f64,
  f64x2,
  forLoop,
  i32,
  i64,
  i64x2,
  instantiate,
  type Local,
  loop,
  ModuleBuilder,
  memory,
  return_,
  select,
  sequence,
  setAll,
  unreachable,
  v128,
  type WasmMemory,
  when,
  whenValue,
  whileLoop,
} from "../src/index.ts";
import { assemble, disassemble, sectionsOf } from "./wabt.ts";

type Numeric = (...args: number[]) => number;

/** Exports of a module after wabt has validated its bytes. */
function run<Exports>(module: ModuleBuilder, imports = {}): Exports {
  disassemble(module.bytes());
  return instantiate<Exports>(module, imports);
}

test("a dot product in f64x2 with an odd tail", () => {
  const module = new ModuleBuilder();
  module.memory({ minimum: 1, export: "memory" });
  module.function("dot", { params: ["i32", "i32", "i32"], results: ["f64"], export: true }, (fn, a, b, count) => {
    const sum = fn.local("f64x2");
    const total = fn.local("f64");
    const end = fn.local("i32");
    return [
      end.set(i32.add(a, i32.shl(i32.and(count, i32.const(-2)), i32.const(3)))),
      forLoop(a, a, end, 16, [
        sum.set(f64x2.add(sum, f64x2.mul(f64x2.load(a), f64x2.load(b)))),
        b.set(i32.add(b, i32.const(16))),
      ]),
      total.set(f64.add(f64x2.extract_lane(sum, 0), f64x2.extract_lane(sum, 1))),
      when(i32.and(count, i32.const(1)), [total.set(f64.add(total, f64.mul(f64.load(a), f64.load(b))))]),
      total,
    ];
  });
  const { dot, memory } = run<{ dot: Numeric; memory: WasmMemory }>(module);
  const view = new Float64Array(memory.buffer);
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer(), fc.integer()), { maxLength: 50 }), (pairs) => {
      view.set(
        pairs.map(([x]) => x / 2 ** 20),
        0,
      );
      view.set(
        pairs.map(([, y]) => y / 2 ** 20),
        1000,
      );
      let expected = 0;
      let scale = 0;
      for (const [x, y] of pairs) {
        expected += (x / 2 ** 20) * (y / 2 ** 20);
        scale += Math.abs((x / 2 ** 20) * (y / 2 ** 20));
      }
      expect(Math.abs(dot(0, 8000, pairs.length) - expected)).toBeLessThanOrEqual(50 * 2 ** -53 * scale);
    }),
    { numRuns: 200, seed: 1 },
  );
});

test("calls, recursion, forward declarations and imported functions added after their callers", () => {
  const module = new ModuleBuilder();
  const factorial = module.declare("factorial", { params: ["i64"], results: ["i64"], export: true });
  factorial.define((_, n) => [
    whenValue(
      "i64",
      i64.lt_u(n, i64.const(2n)),
      [i64.const(1n)],
      [i64.mul(n, factorial.ref(i64.sub(n, i64.const(1n))))],
    ),
  ]);
  const report = module.importFunction(["host", "report"], { params: ["i64"], results: [] });
  module.function("tell", { params: ["i64"], results: [], export: "say" }, (_, n) => [report(factorial.ref(n))]);
  const told: bigint[] = [];
  const { say } = run<{ say: (n: bigint) => void }>(module, { host: { report: (n: bigint) => told.push(n) } });
  say(20n);
  expect(told).toEqual([2432902008176640000n]);
  expect(factorial.ref.functionName).toBe("factorial");
  expect(disassemble(module.bytes())).toContain("$factorial");
});

test("several results", () => {
  const module = new ModuleBuilder();
  const divide = module.function(
    "divide",
    { params: ["i32", "i32"], results: ["i32", "i32"], export: true },
    (_, a, b) => [i32.div_u(a, b), i32.rem_u(a, b)],
  );
  module.function("mixed", { params: ["i32"], results: ["i32"], export: true }, (fn, a) => {
    const quotient = fn.local("i32");
    const rest = fn.local("i32");
    return [setAll([quotient, rest], divide(a, i32.const(10))), i32.add(i32.mul(quotient, i32.const(100)), rest)];
  });
  const { divide: run_, mixed } = run<{ divide: (a: number, b: number) => number[]; mixed: Numeric }>(module);
  expect(run_(47, 10)).toEqual([4, 7]);
  expect(mixed(47)).toBe(407);
});

test("locals of mixed types, declared in any order, keep apart and start at 0", () => {
  const module = new ModuleBuilder();
  module.function("f", { params: ["f64"], results: ["f64"], export: true }, (fn, x) => {
    const i = fn.local("i32");
    const a = fn.local("f64");
    const v = fn.local("f64x2");
    const j = fn.local("i32");
    const [b, c] = fn.locals("f64", 2);
    const w = fn.local("i64x2");
    return [
      i.set(i32.add(i, i32.const(3))),
      j.set(i32.add(i, i32.const(4))),
      a.set(f64.add(x, f64.const(1))),
      b.set(f64.mul(a, f64.const(2))),
      drop(c.tee(f64.convert_i32_s(j))),
      v.set(f64x2.splat(b)),
      w.set(i64x2.splat(i64.const(1n))),
      f64.add(
        f64.add(f64x2.extract_lane(v, 1), f64.convert_i64_s(i64x2.extract_lane(w, 0))),
        f64.add(c, f64.convert_i32_s(i)),
      ),
    ];
  });
  const { f } = run<{ f: Numeric }>(module);
  expect(f(0.5)).toBe(3 + 1 + 7 + 3);
  const text = disassemble(module.bytes());
  expect(text).toContain("(local i32 i32 f64 f64 f64 v128 v128)");
});

test("blocks, loops and branches across several levels", () => {
  const module = new ModuleBuilder();
  // Collatz steps by hand-made loop, left through a label two levels up.
  module.function("steps", { params: ["i32"], results: ["i32"], export: true }, (fn, n) => {
    const count = fn.local("i32");
    return [
      block((exit) => [
        loop((again) => [
          when(i32.eq(n, i32.const(1)), [br(exit)]),
          n.set(
            select(
              i32.add(i32.mul(n, i32.const(3)), i32.const(1)),
              i32.shr_u(n, i32.const(1)),
              i32.and(n, i32.const(1)),
            ),
          ),
          count.set(i32.add(count, i32.const(1))),
          br_if(again, i32.lt_u(count, i32.const(1000))),
          unreachable(),
        ]),
      ]),
      count,
    ];
  });
  module.function("triangle", { params: ["i32"], results: ["i32"], export: true }, (fn, n) => {
    const [i, j, sum] = fn.locals("i32", 3);
    return [
      forLoop(i, 0, n, 1, [forLoop(j, i, n, 1, [sum.set(i32.add(sum, i32.const(1)))], { signed: true })], {
        signed: true,
      }),
      sum,
    ];
  });
  module.function("log2", { params: ["i32"], results: ["i32"], export: true }, (fn, n) => {
    const log = fn.local("i32");
    return [
      when(i32.eqz(n), [return_(i32.const(-1))]),
      whileLoop(i32.gt_u(n, i32.const(1)), [n.set(i32.shr_u(n, i32.const(1))), log.set(i32.add(log, i32.const(1)))]),
      log,
    ];
  });
  module.function("clamp", { params: ["f64"], results: ["f64"], export: true }, (fn, x) => {
    const y = fn.local("f64");
    return [
      when(f64.lt(x, f64.const(0)), [y.set(f64.const(0))], [y.set(x)]),
      sequence([y.set(f64.min(y, f64.const(1)))], y),
    ];
  });
  const { steps, triangle, log2, clamp } = run<Record<"steps" | "triangle" | "log2" | "clamp", Numeric>>(module);
  expect([steps(1), steps(6), steps(27)]).toEqual([0, 8, 111]);
  expect([triangle(10), triangle(0), triangle(-3)]).toEqual([55, 0, 0]);
  expect([log2(0), log2(1), log2(1024), log2(-1)]).toEqual([-1, 0, 10, 31]);
  expect([clamp(-1), clamp(0.25), clamp(7)]).toEqual([0, 0.25, 1]);
  expect(() => steps(0)).toThrow();
});

test("a branch outside its block is refused when encoded", () => {
  const module = new ModuleBuilder();
  module.function("f", { params: [], results: [] }, () => {
    let stray = br({ kind: "block" });
    return [
      block((exit) => {
        stray = br(exit);
        return [];
      }),
      stray,
    ];
  });
  expect(() => module.bytes()).toThrow(/label/);
});

test("globals, data and memory instructions", () => {
  const module = new ModuleBuilder();
  module.memory({ minimum: 1, maximum: 3, export: "memory" });
  module.data(16, Uint8Array.of(1, 2, 3, 4));
  const calls = module.global(i32.const(5), { export: "calls" });
  const scale = module.global(f64.const(0.5), { mutable: false });
  const pair = module.global(f64x2.const(1, 2));
  module.function("step", { params: ["f64"], results: ["f64"], export: true }, (_, x) => [
    calls.set(i32.add(calls, i32.const(1))),
    pair.set(f64x2.add(pair, pair)),
    f64.mul(f64.mul(x, scale), f64x2.extract_lane(pair, 1)),
  ]);
  module.function("spread", { params: [], results: ["i32"], export: true }, () => [
    memory.copy(i32.const(32), i32.const(16), i32.const(4)),
    memory.fill(i32.const(36), i32.const(9), i32.const(2)),
    i32.add(memory.grow(i32.const(1)), i32.mul(memory.size(), i32.const(10))),
  ]);
  const exports = run<{ step: Numeric; spread: Numeric; calls: { value: number }; memory: WasmMemory }>(module);
  expect([exports.step(3), exports.step(3)]).toEqual([6, 12]);
  expect(exports.calls.value).toBe(7);
  expect(exports.spread()).toBe(21);
  expect([...new Uint8Array(exports.memory.buffer, 30, 9)]).toEqual([0, 0, 1, 2, 3, 4, 9, 9, 0]);
});

test("imported and shared memory", () => {
  const shared = new ModuleBuilder();
  shared.memory({ minimum: 1, maximum: 2, shared: true, import: ["env", "memory"] });
  shared.function("put", { params: ["i32", "f64"], results: [], export: true }, (_, at, x) => [f64.store(at, x, 8)]);
  const buffer = new WebAssembly.Memory({ initial: 1, maximum: 2, shared: true });
  instantiate<{ put: Numeric }>(shared, { env: { memory: buffer } }).put(8, 2.5);
  expect(new Float64Array(buffer.buffer)[2]).toBe(2.5);
  const theirs = assemble(
    `(module (type (func (param i32 f64))) (import "env" "memory" (memory 1 2 shared))
    (func (export "put") (type 0) local.get 0 local.get 1 f64.store offset=8))`,
    false,
  );
  expect(sectionsOf(shared.bytes())).toEqual(sectionsOf(theirs));
});

test("types are written once, and two encodings are the same", () => {
  const module = new ModuleBuilder();
  for (const name of ["a", "b", "c"])
    module.function(name, { params: ["v128"], results: ["v128"] }, (_, x) => [v128.not(x)]);
  expect(sectionsOf(module.bytes()).get(1)).toEqual([1, 0x60, 1, 0x7b, 1, 0x7b]);
  expect(module.bytes()).toEqual(module.bytes());
});

test("once makes a shared function one time", () => {
  const module = new ModuleBuilder();
  const add = () =>
    module.once("double", () =>
      module.function("double", { params: ["f64"], results: ["f64"] }, (_, x) => [f64.add(x, x)]),
    );
  expect(add()).toBe(add());
  expect(sectionsOf(module.bytes()).get(3)).toEqual([1, 0]);
});

test("an empty module compiles", () => {
  expect(sectionsOf(new ModuleBuilder().bytes()).size).toBe(0);
  expect(instantiate(new ModuleBuilder().compile())).toEqual({});
});

test("mistakes are refused with a reason", () => {
  const module = new ModuleBuilder();
  expect(() => module.memory({ minimum: -1 })).toThrow(/minimum/);
  expect(() => module.memory({ minimum: 2, maximum: 1 })).toThrow(/maximum/);
  expect(() => module.memory({ minimum: 1, shared: true })).toThrow(/shared/);
  module.memory({ minimum: 1, export: "memory" });
  expect(() => module.memory({ minimum: 1 })).toThrow(/one memory/);
  expect(() => module.global(i32.const(0), { export: "memory" })).toThrow(/taken/);
  expect(() => module.data(-1, new Uint8Array(1))).toThrow(/4 GiB/);
  expect(() => forLoop(undefined as never, 0, 1, 0, [])).toThrow(/step/);
  const late = module.declare("late", { params: ["i32"], results: [] });
  expect(() => module.bytes()).toThrow(/late was declared/);
  expect(() => (late.ref as (...args: unknown[]) => unknown)()).toThrow(/takes 1 argument/);
});

test("parts of another function or module are refused when encoded", () => {
  const module = new ModuleBuilder();
  let stray: Expr<"f64"> = f64.const(0);
  const other = new ModuleBuilder();
  const foreign = other.function("foreign", { params: [], results: ["f64"] }, (fn) => {
    stray = fn.local("f64");
    return [stray];
  });
  const foreignGlobal = other.global(f64.const(1));
  expect(other.bytes().length).toBeGreaterThan(0);
  const use = (value: Expr<"f64">) => {
    const user = new ModuleBuilder();
    user.function("f", { params: ["f64"], results: ["f64"] }, () => [value]);
    return user.bytes();
  };
  expect(() => use(stray)).toThrow(/local can only be used in the function/);
  expect(() => use(foreign())).toThrow(/function foreign can only be used in the module/);
  expect(() => use(foreignGlobal)).toThrow(/global can only be used in the module/);
  expect(() => module.global(stray)).not.toThrow();
  expect(() => module.bytes()).toThrow(/local can only be used in the function/);
});

test("the type system keeps value types apart", () => {
  const x = f64.const(1);
  const n = i32.const(1);
  expectTypeOf(f64.add(x, x)).toEqualTypeOf<Expr<"f64">>();
  expectTypeOf(f64.lt(x, x)).toEqualTypeOf<Expr<"i32">>();
  // @ts-expect-error an i32 is no f64
  f64.add(x, n);
  // @ts-expect-error a scalar is no vector
  f64x2.add(f64x2.splat(x), x);
  // @ts-expect-error pointers are i32
  f64.load(x);
  const module = new ModuleBuilder();
  const f = module.function("f", { params: ["f64", "i32"], results: ["v128"] }, (_, a, i) => {
    expectTypeOf(a).toEqualTypeOf<Local<"f64">>();
    // @ts-expect-error an i32 local does not take an f64
    i.set(a);
    return [f64x2.splat(a)];
  });
  expectTypeOf(f(x, n)).toEqualTypeOf<Expr<"v128">>();
  // @ts-expect-error the arguments in the wrong order
  f(n, x);
  // @ts-expect-error a function with a result ends in a value of that type
  module.function("g", { params: [], results: ["f64"] }, () => [n]);
  // @ts-expect-error ... and in a value at all
  module.function("h", { params: ["i32"], results: ["f64"] }, (_, i) => [i.set(n)]);
});
