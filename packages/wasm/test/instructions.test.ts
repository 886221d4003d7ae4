import { expect, test } from "vitest";
import {
  type Expr,
  f32,
  f32x4,
  f64,
  f64x2,
  i8x16,
  i16x8,
  i32,
  i32x4,
  i64,
  i64x2,
  ModuleBuilder,
  memory,
  type Statement,
  type ValueType,
  v128,
} from "../src/index.ts";
import * as op from "../src/opcodes.ts";
import * as simd from "../src/simd-opcodes.ts";
import { assemble, sectionsOf } from "./wabt.ts";

type Operands = readonly ValueType[];
/** Namespace, table of names, operand types, result. */
type Row = readonly [object, string, object, Operands, ValueType | undefined];

const V = "v128";
const rows: readonly Row[] = [
  [i32, "i32", op.I32_UNARY, ["i32"], "i32"],
  [i32, "i32", op.I32_BINARY, ["i32", "i32"], "i32"],
  [i32, "i32", op.I32_FROM_I64, ["i64"], "i32"],
  [i32, "i32", op.I32_FROM_F32, ["f32"], "i32"],
  [i32, "i32", op.I32_FROM_F64, ["f64"], "i32"],
  [i32, "i32", op.I32_LOAD, ["i32"], "i32"],
  [i32, "i32", op.I32_STORE, ["i32", "i32"], undefined],
  [i64, "i64", op.I64_UNARY, ["i64"], "i64"],
  [i64, "i64", op.I64_TEST, ["i64"], "i32"],
  [i64, "i64", op.I64_BINARY, ["i64", "i64"], "i64"],
  [i64, "i64", op.I64_COMPARE, ["i64", "i64"], "i32"],
  [i64, "i64", op.I64_FROM_I32, ["i32"], "i64"],
  [i64, "i64", op.I64_FROM_F32, ["f32"], "i64"],
  [i64, "i64", op.I64_FROM_F64, ["f64"], "i64"],
  [i64, "i64", op.I64_LOAD, ["i32"], "i64"],
  [i64, "i64", op.I64_STORE, ["i32", "i64"], undefined],
  [f32, "f32", op.F32_UNARY, ["f32"], "f32"],
  [f32, "f32", op.F32_BINARY, ["f32", "f32"], "f32"],
  [f32, "f32", op.F32_COMPARE, ["f32", "f32"], "i32"],
  [f32, "f32", op.F32_FROM_I32, ["i32"], "f32"],
  [f32, "f32", op.F32_FROM_I64, ["i64"], "f32"],
  [f32, "f32", op.F32_FROM_F64, ["f64"], "f32"],
  [f32, "f32", op.F32_LOAD, ["i32"], "f32"],
  [f32, "f32", op.F32_STORE, ["i32", "f32"], undefined],
  [f64, "f64", op.F64_UNARY, ["f64"], "f64"],
  [f64, "f64", op.F64_BINARY, ["f64", "f64"], "f64"],
  [f64, "f64", op.F64_COMPARE, ["f64", "f64"], "i32"],
  [f64, "f64", op.F64_FROM_I32, ["i32"], "f64"],
  [f64, "f64", op.F64_FROM_I64, ["i64"], "f64"],
  [f64, "f64", op.F64_FROM_F32, ["f32"], "f64"],
  [f64, "f64", op.F64_LOAD, ["i32"], "f64"],
  [f64, "f64", op.F64_STORE, ["i32", "f64"], undefined],
  [v128, "v128", op.V128_LOAD, ["i32"], V],
  [v128, "v128", op.V128_STORE, ["i32", V], undefined],
  [v128, "v128", simd.V128_UNARY, [V], V],
  [v128, "v128", simd.V128_BINARY, [V, V], V],
  [v128, "v128", simd.V128_TERNARY, [V, V, V], V],
  [v128, "v128", simd.V128_TEST, [V], "i32"],
  [i8x16, "i8x16", simd.I8X16_UNARY, [V], V],
  [i8x16, "i8x16", simd.I8X16_BINARY, [V, V], V],
  [i16x8, "i16x8", simd.I16X8_UNARY, [V], V],
  [i32x4, "i32x4", simd.I32X4_UNARY, [V], V],
  [i32x4, "i32x4", simd.I32X4_BINARY, [V, V], V],
  [i32x4, "i32x4", simd.I32X4_TEST, [V], "i32"],
  [i32x4, "i32x4", simd.I32X4_SHIFT, [V, "i32"], V],
  [i32x4, "i32x4", { splat: 0 }, ["i32"], V],
  [i64x2, "i64x2", simd.I64X2_UNARY, [V], V],
  [i64x2, "i64x2", simd.I64X2_BINARY, [V, V], V],
  [i64x2, "i64x2", simd.I64X2_TEST, [V], "i32"],
  [i64x2, "i64x2", simd.I64X2_SHIFT, [V, "i32"], V],
  [i64x2, "i64x2", { splat: 0 }, ["i64"], V],
  [f32x4, "f32x4", simd.F32X4_UNARY, [V], V],
  [f32x4, "f32x4", simd.F32X4_BINARY, [V, V], V],
  [f32x4, "f32x4", { splat: 0 }, ["f32"], V],
  [f64x2, "f64x2", simd.F64X2_UNARY, [V], V],
  [f64x2, "f64x2", simd.F64X2_BINARY, [V, V], V],
  [f64x2, "f64x2", simd.F64X2_TERNARY, [V, V, V], V],
  [f64x2, "f64x2", { splat: 0 }, ["f64"], V],
  [memory, "memory", { size: 0 }, [], "i32"],
  [memory, "memory", { grow: 0 }, ["i32"], "i32"],
  [memory, "memory", { copy: 0, fill: 0 }, ["i32", "i32", "i32"], undefined],
];

type Node = Expr<ValueType> | Statement;

/** Our bytes of a function of these operands whose body is one instruction. */
function encode(operands: Operands, result: ValueType | undefined, make: (args: readonly Node[]) => Node): Uint8Array {
  const module = new ModuleBuilder();
  module.memory({ minimum: 1 });
  const results = result === undefined ? ([] as const) : ([result] as const);
  module.function("f", { params: operands, results }, (_, ...args) => [make(args)] as never);
  return module.bytes();
}

/** The same through the text format. */
function reference(operands: Operands, result: ValueType | undefined, instruction: string): Uint8Array {
  const gets = operands.map((_, k) => `local.get ${k}`).join(" ");
  const params = operands.length > 0 ? `(param ${operands.join(" ")})` : "";
  return assemble(`(module (memory 1) (func ${params} ${result ? `(result ${result})` : ""} ${gets} ${instruction}))`);
}

function expectSame(
  operands: Operands,
  result: ValueType | undefined,
  make: (args: readonly Node[]) => Node,
  instruction: string,
): void {
  const ours = sectionsOf(encode(operands, result, make));
  const theirs = sectionsOf(reference(operands, result, instruction));
  expect(ours, instruction).toEqual(theirs);
}

test("every instruction is encoded as wabt encodes its text", () => {
  let count = 0;
  for (const [namespace, prefix, table, operands, result] of rows) {
    for (const name of Object.keys(table)) {
      const make = (namespace as Record<string, (...args: readonly Node[]) => Node>)[name]!;
      expectSame(operands, result, (args) => make(...args), `${prefix}.${name}`);
      count++;
    }
  }
  expect(count).toBe(301);
});

test("every member of every namespace is among those compared", () => {
  const special = new Set(["const", "shuffle", "extract_lane", "replace_lane"]);
  const laneNames = Object.keys({ ...op.V128_LOAD_LANE, ...op.V128_STORE_LANE });
  const fromMemory = Object.keys({ ...op.V128_LOAD, ...op.V128_STORE });
  for (const namespace of [i32, i64, f32, f64, v128, i8x16, i16x8, i32x4, i64x2, f32x4, f64x2, memory]) {
    const compared = rows.filter((row) => row[0] === namespace).flatMap((row) => Object.keys(row[2]));
    const shared = namespace === v128 ? laneNames : namespace === f64x2 ? fromMemory : [];
    const missing = Object.keys(namespace).filter(
      (name) => !special.has(name) && !compared.includes(name) && !shared.includes(name),
    );
    expect(missing).toEqual([]);
  }
});

test("constants, lanes and shuffles", () => {
  const none: Operands = [];
  for (const value of [0, 1, -1, 63, 64, -64, -65, 2 ** 31 - 1, -(2 ** 31)]) {
    expectSame(none, "i32", () => i32.const(value), `i32.const ${value}`);
    expectSame(none, "i64", () => i64.const(BigInt(value)), `i64.const ${value}`);
  }
  expectSame(none, "i32", () => i32.const(2 ** 32 - 1), "i32.const 0xffffffff");
  expectSame(none, "i64", () => i64.const(2n ** 64n - 1n), "i64.const 0xffffffffffffffff");
  for (const value of [0, -0, 1.5, -1e-310, 1e308]) {
    const text = Object.is(value, -0) ? "-0" : value;
    expectSame(none, "f64", () => f64.const(value), `f64.const ${text}`);
    expectSame(
      none,
      "f32",
      () => f32.const(Math.fround(value / 2 ** 900)),
      `f32.const ${Math.fround(value / 2 ** 900)}`.replace(
        "const 0",
        Object.is(Math.fround(value / 2 ** 900), -0) ? "const -0" : "const 0",
      ),
    );
    expectSame(none, V, () => f64x2.const(value, 2), `v128.const f64x2 ${text} 2`);
  }
  expectSame(none, "f64", () => f64.const(Infinity), "f64.const inf");
  expectSame(none, V, () => f64x2.const(-3), "v128.const f64x2 -3 -3");
  expectSame(none, V, () => i64x2.const(-3n), "v128.const i64x2 -3 -3");
  expectSame(none, V, () => i64x2.const(2n ** 63n, 1n), "v128.const i64x2 0x8000000000000000 1");
  expectSame(none, V, () => i32x4.const(1, 2, 3, 4), "v128.const i32x4 1 2 3 4");
  expectSame(none, V, () => i32x4.const(7), "v128.const i32x4 7 7 7 7");
  expectSame(none, V, () => f32x4.const(1, 2, 3, 0.5), "v128.const f32x4 1 2 3 0.5");
  expectSame(none, V, () => f32x4.const(-0.25), "v128.const f32x4 -0.25 -0.25 -0.25 -0.25");
  for (const [lanes, scalar, prefix, count] of [
    [i32x4, "i32", "i32x4", 4],
    [i64x2, "i64", "i64x2", 2],
    [f32x4, "f32", "f32x4", 4],
    [f64x2, "f64", "f64x2", 2],
  ] as const) {
    for (let lane = 0; lane < count; lane++) {
      const { extract_lane, replace_lane } = lanes as typeof lanes & { replace_lane: (...args: never[]) => Node };
      expectSame([V], scalar, ([a]) => extract_lane(a as Expr<"v128">, lane), `${prefix}.extract_lane ${lane}`);
      expectSame(
        [V, scalar],
        V,
        ([a, b]) => replace_lane(a as never, lane as never, b as never),
        `${prefix}.replace_lane ${lane}`,
      );
    }
    expect(() => lanes.extract_lane(f64x2.const(0), count)).toThrow(RangeError);
  }
  const bytes = [31, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14];
  const pair = (args: readonly Node[]) => args as unknown as [Expr<"v128">, Expr<"v128">];
  expectSame([V, V], V, (args) => i8x16.shuffle(...pair(args), bytes), `i8x16.shuffle ${bytes.join(" ")}`);
  expectSame(
    [V, V],
    V,
    (args) => f64x2.shuffle(...pair(args), [1, 2]),
    "i8x16.shuffle 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23",
  );
  expectSame(
    [V, V],
    V,
    (args) => i32x4.shuffle(...pair(args), [7, 0, 4, 3]),
    "i8x16.shuffle 28 29 30 31 0 1 2 3 16 17 18 19 12 13 14 15",
  );
  expect(() => f64x2.shuffle(f64x2.const(0), f64x2.const(0), [0])).toThrow(RangeError);
  expect(() => f64x2.shuffle(f64x2.const(0), f64x2.const(0), [0, 4])).toThrow(RangeError);
});

test("offsets and alignments of memory instructions", () => {
  const pointer = (args: readonly Node[]) => args[0] as Expr<"i32">;
  expectSame(["i32"], V, (args) => f64x2.load(pointer(args), 300, 8), "v128.load offset=300 align=8");
  expectSame(["i32"], "f64", (args) => f64.load(pointer(args), 2 ** 32 - 1), "f64.load offset=4294967295");
  expectSame(
    ["i32", V],
    undefined,
    (args) => v128.store(pointer(args), args[1] as Expr<"v128">, 16, 1),
    "v128.store offset=16 align=1",
  );
  for (const [name, [, , lanes]] of Object.entries({ ...op.V128_LOAD_LANE, ...op.V128_STORE_LANE })) {
    const make = v128[name as "load8_lane"];
    const result = name.startsWith("load") ? V : undefined;
    for (const lane of [0, lanes - 1]) {
      const instruction = `v128.${name} offset=24 align=1 ${lane}`;
      expectSame(["i32", V], result, (args) => make(pointer(args), args[1] as Expr<"v128">, lane, 24, 1), instruction);
    }
    expect(() => make(i32.const(0), f64x2.const(0), lanes)).toThrow(RangeError);
  }
  for (const [offset, align] of [
    [-1, 8],
    [2 ** 32, 8],
    [0.5, 8],
    [0, 16],
    [0, 3],
    [0, 0],
  ] as const) {
    expect(() => f64.load(i32.const(0), offset, align)).toThrow(RangeError);
  }
});
