import { type Expr, expression, type ValueType } from "./expression.ts";
import * as op from "./opcodes.ts";
import {
  type Binary,
  binaries,
  checkLane,
  type Each,
  type Load,
  type LoadLane,
  laneLoads,
  laneStores,
  loads,
  type Store,
  type StoreLane,
  stores,
  type Ternary,
  ternaries,
  type Unary,
  unaries,
} from "./operations.ts";
import * as simd from "./simd-opcodes.ts";

/** Access to lanes of scalar type T. */
export interface Lanes<T extends ValueType> {
  /** The scalar in every lane. */
  readonly splat: (value: Expr<T>) => Expr<"v128">;
  readonly extract_lane: (vector: Expr<"v128">, lane: number) => Expr<T>;
  readonly replace_lane: (vector: Expr<"v128">, lane: number, value: Expr<T>) => Expr<"v128">;
}

type VectorMemory = Each<typeof op.V128_LOAD, Load<"v128">> & Each<typeof op.V128_STORE, Store<"v128">>;

function lanesOf<T extends ValueType>(scalar: T, shape: keyof typeof simd.SPLAT): Lanes<T> {
  const [extract, lanes] = simd.EXTRACT_LANE[shape];
  const [replace] = simd.REPLACE_LANE[shape];
  return {
    ...unaries(scalar, "v128", { splat: simd.SPLAT[shape] }),
    extract_lane: (vector, lane) => {
      checkLane(lane, lanes);
      return expression(scalar, (code) => {
        vector.emit(code);
        code.opcode(extract);
        code.byte(lane);
      });
    },
    replace_lane: (vector, lane, value) => {
      checkLane(lane, lanes);
      return expression("v128", (code) => {
        vector.emit(code);
        value.emit(code);
        code.opcode(replace);
        code.byte(lane);
      });
    },
  };
}

function constant(fill: (view: DataView) => void): Expr<"v128"> {
  const bytes = new Uint8Array(16);
  fill(new DataView(bytes.buffer));
  return expression("v128", (code) => {
    code.opcode(simd.V128_CONST);
    code.raw(bytes);
  });
}

const vectorMemory: VectorMemory = { ...loads("v128", op.V128_LOAD), ...stores("v128", op.V128_STORE) };

/** Instructions on 128-bit vectors that do not look at lanes: memory, bits. */
export const v128: VectorMemory &
  Each<typeof op.V128_LOAD_LANE, LoadLane> &
  Each<typeof op.V128_STORE_LANE, StoreLane> &
  Each<typeof simd.V128_UNARY, Unary<"v128", "v128">> &
  Each<typeof simd.V128_BINARY, Binary<"v128", "v128">> &
  Each<typeof simd.V128_TERNARY, Ternary<"v128">> &
  Each<typeof simd.V128_TEST, Unary<"v128", "i32">> = {
  ...vectorMemory,
  ...laneLoads(op.V128_LOAD_LANE),
  ...laneStores(op.V128_STORE_LANE),
  ...unaries("v128", "v128", simd.V128_UNARY),
  ...binaries("v128", "v128", simd.V128_BINARY),
  ...ternaries("v128", simd.V128_TERNARY),
  ...unaries("v128", "i32", simd.V128_TEST),
};

/** Instructions on 16 bytes: choosing bytes of one or two vectors, sums, and how many bits of each are set. */
export const i8x16: Each<typeof simd.I8X16_UNARY, Unary<"v128", "v128">> &
  Each<typeof simd.I8X16_BINARY, Binary<"v128", "v128">> & {
    /** Byte k of the result is byte `lanes[k]` of `a` (0–15) and `b` (16–31). */
    readonly shuffle: (a: Expr<"v128">, b: Expr<"v128">, lanes: readonly number[]) => Expr<"v128">;
  } = {
  ...unaries("v128", "v128", simd.I8X16_UNARY),
  ...binaries("v128", "v128", simd.I8X16_BINARY),
  shuffle: (a, b, lanes) => {
    if (lanes.length !== 16) throw new RangeError(`a shuffle needs 16 lane numbers; received ${lanes.length}`);
    for (const lane of lanes) checkLane(lane, 32);
    return expression("v128", (code) => {
      a.emit(code);
      b.emit(code);
      code.opcode(simd.I8X16_SHUFFLE);
      code.raw(lanes);
    });
  },
};

/** Instructions on eight 16-bit integers: sums of neighbouring bytes. */
export const i16x8: Each<typeof simd.I16X8_UNARY, Unary<"v128", "v128">> = unaries("v128", "v128", simd.I16X8_UNARY);

/** Instructions on four 32-bit integers; comparisons give lanes of all ones or all zeros. */
export const i32x4: Lanes<"i32"> &
  Each<typeof simd.I32X4_UNARY, Unary<"v128", "v128">> &
  Each<typeof simd.I32X4_BINARY, Binary<"v128", "v128">> &
  Each<typeof simd.I32X4_SHIFT, Binary<"v128", "v128", "i32">> &
  Each<typeof simd.I32X4_TEST, Unary<"v128", "i32">> & {
    readonly const: (a: number, b?: number, c?: number, d?: number) => Expr<"v128">;
    readonly shuffle: (a: Expr<"v128">, b: Expr<"v128">, lanes: readonly number[]) => Expr<"v128">;
  } = {
  ...lanesOf("i32", "i32x4"),
  ...unaries("v128", "v128", simd.I32X4_UNARY),
  ...binaries("v128", "v128", simd.I32X4_BINARY),
  ...binaries("v128", "v128", simd.I32X4_SHIFT, "i32"),
  ...unaries("v128", "i32", simd.I32X4_TEST),
  /** Four lanes; those not given repeat the first. */
  const: (a, b = a, c = a, d = a) =>
    constant((view) => {
      [a, b, c, d].forEach((value, lane) => {
        view.setInt32(4 * lane, value, true);
      });
    }),
  /** Lane k of the result is lane `lanes[k]` of `a` (0–3) and `b` (4–7). */
  shuffle: (a, b, lanes) => i8x16.shuffle(a, b, byteLanes(lanes, 4)),
};

/** Instructions on two 64-bit integers; comparisons give lanes of all ones or all zeros. */
export const i64x2: Lanes<"i64"> &
  Each<typeof simd.I64X2_UNARY, Unary<"v128", "v128">> &
  Each<typeof simd.I64X2_BINARY, Binary<"v128", "v128">> &
  Each<typeof simd.I64X2_SHIFT, Binary<"v128", "v128", "i32">> &
  Each<typeof simd.I64X2_TEST, Unary<"v128", "i32">> & {
    readonly const: (a: bigint, b?: bigint) => Expr<"v128">;
  } = {
  ...lanesOf("i64", "i64x2"),
  ...unaries("v128", "v128", simd.I64X2_UNARY),
  ...binaries("v128", "v128", simd.I64X2_BINARY),
  ...binaries("v128", "v128", simd.I64X2_SHIFT, "i32"),
  ...unaries("v128", "i32", simd.I64X2_TEST),
  /** Two lanes; the second, when not given, is the first. */
  const: (a, b = a) =>
    constant((view) => {
      view.setBigInt64(0, BigInt.asIntN(64, a), true);
      view.setBigInt64(8, BigInt.asIntN(64, b), true);
    }),
};

/** Instructions on four float32; comparisons give lanes of all ones or all zeros. */
export const f32x4: Lanes<"f32"> &
  Each<typeof simd.F32X4_UNARY, Unary<"v128", "v128">> &
  Each<typeof simd.F32X4_BINARY, Binary<"v128", "v128">> & {
    readonly const: (a: number, b?: number, c?: number, d?: number) => Expr<"v128">;
  } = {
  ...lanesOf("f32", "f32x4"),
  ...unaries("v128", "v128", simd.F32X4_UNARY),
  ...binaries("v128", "v128", simd.F32X4_BINARY),
  /** Four lanes; those not given repeat the first. */
  const: (a, b = a, c = a, d = a) =>
    constant((view) => {
      [a, b, c, d].forEach((value, lane) => {
        view.setFloat32(4 * lane, value, true);
      });
    }),
};

/**
 * Instructions on two float64; comparisons give lanes of all ones or all zeros. `relaxed_madd(a, b, c)` is a·b + c
 * and `relaxed_nmadd` −(a·b) + c, rounded once or twice as the machine likes: only where `features().relaxedSimd`.
 */
export const f64x2: Lanes<"f64"> &
  VectorMemory &
  Each<typeof simd.F64X2_UNARY, Unary<"v128", "v128">> &
  Each<typeof simd.F64X2_BINARY, Binary<"v128", "v128">> &
  Each<typeof simd.F64X2_TERNARY, Ternary<"v128">> & {
    readonly const: (a: number, b?: number) => Expr<"v128">;
    readonly shuffle: (a: Expr<"v128">, b: Expr<"v128">, lanes: readonly number[]) => Expr<"v128">;
  } = {
  ...lanesOf("f64", "f64x2"),
  ...vectorMemory,
  ...unaries("v128", "v128", simd.F64X2_UNARY),
  ...binaries("v128", "v128", simd.F64X2_BINARY),
  ...ternaries("v128", simd.F64X2_TERNARY),
  /** Two lanes; the second, when not given, is the first. */
  const: (a, b = a) =>
    constant((view) => {
      view.setFloat64(0, a, true);
      view.setFloat64(8, b, true);
    }),
  /** Lane k of the result is lane `lanes[k]` of `a` (0, 1) and `b` (2, 3). */
  shuffle: (a, b, lanes) => i8x16.shuffle(a, b, byteLanes(lanes, 8)),
};

function byteLanes(lanes: readonly number[], width: number): number[] {
  return lanes.flatMap((lane) => Array.from({ length: width }, (_, byte) => width * lane + byte));
}
