import { type Expr, expression } from "./expression.ts";
import * as op from "./opcodes.ts";
import {
  type Binary,
  binaries,
  type Each,
  type Load,
  loads,
  type Store,
  stores,
  type Unary,
  unaries,
} from "./operations.ts";

/** Instructions on 32-bit integers; comparisons give 1 or 0, pointers and conditions are of this type. */
export const i32: Each<typeof op.I32_UNARY, Unary<"i32", "i32">> &
  Each<typeof op.I32_BINARY, Binary<"i32", "i32">> &
  Each<typeof op.I32_FROM_I64, Unary<"i64", "i32">> &
  Each<typeof op.I32_FROM_F32, Unary<"f32", "i32">> &
  Each<typeof op.I32_FROM_F64, Unary<"f64", "i32">> &
  Each<typeof op.I32_LOAD, Load<"i32">> &
  Each<typeof op.I32_STORE, Store<"i32">> & {
    /** An integer in [−2³¹, 2³²). */
    readonly const: (value: number) => Expr<"i32">;
  } = {
  ...unaries("i32", "i32", op.I32_UNARY),
  ...binaries("i32", "i32", op.I32_BINARY),
  ...unaries("i64", "i32", op.I32_FROM_I64),
  ...unaries("f32", "i32", op.I32_FROM_F32),
  ...unaries("f64", "i32", op.I32_FROM_F64),
  ...loads("i32", op.I32_LOAD),
  ...stores("i32", op.I32_STORE),
  const: (value) =>
    expression("i32", (code) => {
      code.byte(0x41);
      code.s32(value);
    }),
};

/** Instructions on 64-bit integers. */
export const i64: Each<typeof op.I64_UNARY, Unary<"i64", "i64">> &
  Each<typeof op.I64_TEST, Unary<"i64", "i32">> &
  Each<typeof op.I64_BINARY, Binary<"i64", "i64">> &
  Each<typeof op.I64_COMPARE, Binary<"i64", "i32">> &
  Each<typeof op.I64_FROM_I32, Unary<"i32", "i64">> &
  Each<typeof op.I64_FROM_F32, Unary<"f32", "i64">> &
  Each<typeof op.I64_FROM_F64, Unary<"f64", "i64">> &
  Each<typeof op.I64_LOAD, Load<"i64">> &
  Each<typeof op.I64_STORE, Store<"i64">> & {
    /** An integer in [−2⁶³, 2⁶⁴). */
    readonly const: (value: bigint) => Expr<"i64">;
  } = {
  ...unaries("i64", "i64", op.I64_UNARY),
  ...unaries("i64", "i32", op.I64_TEST),
  ...binaries("i64", "i64", op.I64_BINARY),
  ...binaries("i64", "i32", op.I64_COMPARE),
  ...unaries("i32", "i64", op.I64_FROM_I32),
  ...unaries("f32", "i64", op.I64_FROM_F32),
  ...unaries("f64", "i64", op.I64_FROM_F64),
  ...loads("i64", op.I64_LOAD),
  ...stores("i64", op.I64_STORE),
  const: (value) =>
    expression("i64", (code) => {
      code.byte(0x42);
      code.s64(value);
    }),
};

/** Instructions on float32. */
export const f32: Each<typeof op.F32_UNARY, Unary<"f32", "f32">> &
  Each<typeof op.F32_BINARY, Binary<"f32", "f32">> &
  Each<typeof op.F32_COMPARE, Binary<"f32", "i32">> &
  Each<typeof op.F32_FROM_I32, Unary<"i32", "f32">> &
  Each<typeof op.F32_FROM_I64, Unary<"i64", "f32">> &
  Each<typeof op.F32_FROM_F64, Unary<"f64", "f32">> &
  Each<typeof op.F32_LOAD, Load<"f32">> &
  Each<typeof op.F32_STORE, Store<"f32">> & {
    /** The float32 nearest to `value`. */
    readonly const: (value: number) => Expr<"f32">;
  } = {
  ...unaries("f32", "f32", op.F32_UNARY),
  ...binaries("f32", "f32", op.F32_BINARY),
  ...binaries("f32", "i32", op.F32_COMPARE),
  ...unaries("i32", "f32", op.F32_FROM_I32),
  ...unaries("i64", "f32", op.F32_FROM_I64),
  ...unaries("f64", "f32", op.F32_FROM_F64),
  ...loads("f32", op.F32_LOAD),
  ...stores("f32", op.F32_STORE),
  const: (value) =>
    expression("f32", (code) => {
      code.byte(0x43);
      code.f32(value);
    }),
};

/** Instructions on float64; comparisons give 1 or 0. */
export const f64: Each<typeof op.F64_UNARY, Unary<"f64", "f64">> &
  Each<typeof op.F64_BINARY, Binary<"f64", "f64">> &
  Each<typeof op.F64_COMPARE, Binary<"f64", "i32">> &
  Each<typeof op.F64_FROM_I32, Unary<"i32", "f64">> &
  Each<typeof op.F64_FROM_I64, Unary<"i64", "f64">> &
  Each<typeof op.F64_FROM_F32, Unary<"f32", "f64">> &
  Each<typeof op.F64_LOAD, Load<"f64">> &
  Each<typeof op.F64_STORE, Store<"f64">> & {
    readonly const: (value: number) => Expr<"f64">;
  } = {
  ...unaries("f64", "f64", op.F64_UNARY),
  ...binaries("f64", "f64", op.F64_BINARY),
  ...binaries("f64", "i32", op.F64_COMPARE),
  ...unaries("i32", "f64", op.F64_FROM_I32),
  ...unaries("i64", "f64", op.F64_FROM_I64),
  ...unaries("f32", "f64", op.F64_FROM_F32),
  ...loads("f64", op.F64_LOAD),
  ...stores("f64", op.F64_STORE),
  const: (value) =>
    expression("f64", (code) => {
      code.byte(0x44);
      code.f64(value);
    }),
};
