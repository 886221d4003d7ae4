/**
 * SIMD opcodes by the names of the text format, grouped by operand and result types.
 * Source: WebAssembly core specification 3.0, section 5.4.10 (relaxed SIMD included).
 * A number above 0xff is `prefix * 0x10000 + number`.
 */

export const V128_UNARY = { not: 0xfd004d } as const;
export const V128_BINARY = { and: 0xfd004e, andnot: 0xfd004f, or: 0xfd0050, xor: 0xfd0051 } as const;
export const V128_TERNARY = { bitselect: 0xfd0052 } as const;
export const V128_TEST = { any_true: 0xfd0053 } as const;

export const I8X16_UNARY = { popcnt: 0xfd0062 } as const;
export const I8X16_BINARY = { swizzle: 0xfd000e, relaxed_swizzle: 0xfd0100, add: 0xfd006e } as const;
export const I8X16_SHUFFLE = 0xfd000d;

export const I16X8_UNARY = { extadd_pairwise_i8x16_s: 0xfd007c, extadd_pairwise_i8x16_u: 0xfd007d } as const;

export const I32X4_UNARY = {
  extadd_pairwise_i16x8_s: 0xfd007e,
  extadd_pairwise_i16x8_u: 0xfd007f,
  abs: 0xfd00a0,
  neg: 0xfd00a1,
  trunc_sat_f32x4_s: 0xfd00f8,
  trunc_sat_f32x4_u: 0xfd00f9,
  trunc_sat_f64x2_s_zero: 0xfd00fc,
  trunc_sat_f64x2_u_zero: 0xfd00fd,
  relaxed_trunc_f64x2_s_zero: 0xfd0103,
  relaxed_trunc_f64x2_u_zero: 0xfd0104,
} as const;
export const I32X4_BINARY = {
  add: 0xfd00ae,
  sub: 0xfd00b1,
  mul: 0xfd00b5,
  min_s: 0xfd00b6,
  min_u: 0xfd00b7,
  max_s: 0xfd00b8,
  max_u: 0xfd00b9,
  eq: 0xfd0037,
  ne: 0xfd0038,
  lt_s: 0xfd0039,
  lt_u: 0xfd003a,
  gt_s: 0xfd003b,
  gt_u: 0xfd003c,
  le_s: 0xfd003d,
  le_u: 0xfd003e,
  ge_s: 0xfd003f,
  ge_u: 0xfd0040,
} as const;
export const I32X4_TEST = { all_true: 0xfd00a3, bitmask: 0xfd00a4 } as const;
export const I32X4_SHIFT = { shl: 0xfd00ab, shr_s: 0xfd00ac, shr_u: 0xfd00ad } as const;

export const I64X2_UNARY = {
  abs: 0xfd00c0,
  neg: 0xfd00c1,
  extend_low_i32x4_s: 0xfd00c7,
  extend_high_i32x4_s: 0xfd00c8,
  extend_low_i32x4_u: 0xfd00c9,
  extend_high_i32x4_u: 0xfd00ca,
} as const;
export const I64X2_BINARY = {
  add: 0xfd00ce,
  sub: 0xfd00d1,
  mul: 0xfd00d5,
  eq: 0xfd00d6,
  ne: 0xfd00d7,
  lt_s: 0xfd00d8,
  gt_s: 0xfd00d9,
  le_s: 0xfd00da,
  ge_s: 0xfd00db,
  extmul_low_i32x4_s: 0xfd00dc,
  extmul_high_i32x4_s: 0xfd00dd,
  extmul_low_i32x4_u: 0xfd00de,
  extmul_high_i32x4_u: 0xfd00df,
} as const;
export const I64X2_TEST = { all_true: 0xfd00c3, bitmask: 0xfd00c4 } as const;
export const I64X2_SHIFT = { shl: 0xfd00cb, shr_s: 0xfd00cc, shr_u: 0xfd00cd } as const;

export const F32X4_UNARY = {
  abs: 0xfd00e0,
  neg: 0xfd00e1,
  sqrt: 0xfd00e3,
  ceil: 0xfd0067,
  floor: 0xfd0068,
  trunc: 0xfd0069,
  nearest: 0xfd006a,
  convert_i32x4_s: 0xfd00fa,
  convert_i32x4_u: 0xfd00fb,
} as const;
export const F32X4_BINARY = {
  add: 0xfd00e4,
  sub: 0xfd00e5,
  mul: 0xfd00e6,
  div: 0xfd00e7,
  min: 0xfd00e8,
  max: 0xfd00e9,
  pmin: 0xfd00ea,
  pmax: 0xfd00eb,
  eq: 0xfd0041,
  ne: 0xfd0042,
  lt: 0xfd0043,
  gt: 0xfd0044,
  le: 0xfd0045,
  ge: 0xfd0046,
} as const;

export const F64X2_UNARY = {
  abs: 0xfd00ec,
  neg: 0xfd00ed,
  sqrt: 0xfd00ef,
  ceil: 0xfd0074,
  floor: 0xfd0075,
  trunc: 0xfd007a,
  nearest: 0xfd0094,
  convert_low_i32x4_s: 0xfd00fe,
  convert_low_i32x4_u: 0xfd00ff,
  promote_low_f32x4: 0xfd005f,
} as const;
export const F64X2_BINARY = {
  add: 0xfd00f0,
  sub: 0xfd00f1,
  mul: 0xfd00f2,
  div: 0xfd00f3,
  min: 0xfd00f4,
  max: 0xfd00f5,
  pmin: 0xfd00f6,
  pmax: 0xfd00f7,
  eq: 0xfd0047,
  ne: 0xfd0048,
  lt: 0xfd0049,
  gt: 0xfd004a,
  le: 0xfd004b,
  ge: 0xfd004c,
  relaxed_min: 0xfd010f,
  relaxed_max: 0xfd0110,
} as const;
export const F64X2_TERNARY = { relaxed_madd: 0xfd0107, relaxed_nmadd: 0xfd0108 } as const;

/** Lane access: [opcode, lanes]. */
export const SPLAT = { i32x4: 0xfd0011, i64x2: 0xfd0012, f32x4: 0xfd0013, f64x2: 0xfd0014 } as const;
export const EXTRACT_LANE = {
  i32x4: [0xfd001b, 4],
  i64x2: [0xfd001d, 2],
  f32x4: [0xfd001f, 4],
  f64x2: [0xfd0021, 2],
} as const;
export const REPLACE_LANE = {
  i32x4: [0xfd001c, 4],
  i64x2: [0xfd001e, 2],
  f32x4: [0xfd0020, 4],
  f64x2: [0xfd0022, 2],
} as const;
export const V128_CONST = 0xfd000c;
