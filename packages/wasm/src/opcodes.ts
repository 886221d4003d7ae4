/**
 * Opcodes by the names of the text format, grouped by operand and result types.
 * Source: WebAssembly core specification 3.0, section 5.4 (SIMD and relaxed SIMD included).
 * A number above 0xff is `prefix * 0x10000 + number`.
 */
export const I32_UNARY = { clz: 0x67, ctz: 0x68, popcnt: 0x69, extend8_s: 0xc0, extend16_s: 0xc1, eqz: 0x45 } as const;
export const I32_BINARY = {
  add: 0x6a,
  sub: 0x6b,
  mul: 0x6c,
  div_s: 0x6d,
  div_u: 0x6e,
  rem_s: 0x6f,
  rem_u: 0x70,
  and: 0x71,
  or: 0x72,
  xor: 0x73,
  shl: 0x74,
  shr_s: 0x75,
  shr_u: 0x76,
  rotl: 0x77,
  rotr: 0x78,
  eq: 0x46,
  ne: 0x47,
  lt_s: 0x48,
  lt_u: 0x49,
  gt_s: 0x4a,
  gt_u: 0x4b,
  le_s: 0x4c,
  le_u: 0x4d,
  ge_s: 0x4e,
  ge_u: 0x4f,
} as const;

export const I64_UNARY = {
  clz: 0x79,
  ctz: 0x7a,
  popcnt: 0x7b,
  extend8_s: 0xc2,
  extend16_s: 0xc3,
  extend32_s: 0xc4,
} as const;
export const I64_TEST = { eqz: 0x50 } as const;
export const I64_BINARY = {
  add: 0x7c,
  sub: 0x7d,
  mul: 0x7e,
  div_s: 0x7f,
  div_u: 0x80,
  rem_s: 0x81,
  rem_u: 0x82,
  and: 0x83,
  or: 0x84,
  xor: 0x85,
  shl: 0x86,
  shr_s: 0x87,
  shr_u: 0x88,
  rotl: 0x89,
  rotr: 0x8a,
} as const;
export const I64_COMPARE = {
  eq: 0x51,
  ne: 0x52,
  lt_s: 0x53,
  lt_u: 0x54,
  gt_s: 0x55,
  gt_u: 0x56,
  le_s: 0x57,
  le_u: 0x58,
  ge_s: 0x59,
  ge_u: 0x5a,
} as const;

export const F32_UNARY = {
  abs: 0x8b,
  neg: 0x8c,
  ceil: 0x8d,
  floor: 0x8e,
  trunc: 0x8f,
  nearest: 0x90,
  sqrt: 0x91,
} as const;
export const F32_BINARY = {
  add: 0x92,
  sub: 0x93,
  mul: 0x94,
  div: 0x95,
  min: 0x96,
  max: 0x97,
  copysign: 0x98,
} as const;
export const F32_COMPARE = { eq: 0x5b, ne: 0x5c, lt: 0x5d, gt: 0x5e, le: 0x5f, ge: 0x60 } as const;

export const F64_UNARY = {
  abs: 0x99,
  neg: 0x9a,
  ceil: 0x9b,
  floor: 0x9c,
  trunc: 0x9d,
  nearest: 0x9e,
  sqrt: 0x9f,
} as const;
export const F64_BINARY = {
  add: 0xa0,
  sub: 0xa1,
  mul: 0xa2,
  div: 0xa3,
  min: 0xa4,
  max: 0xa5,
  copysign: 0xa6,
} as const;
export const F64_COMPARE = { eq: 0x61, ne: 0x62, lt: 0x63, gt: 0x64, le: 0x65, ge: 0x66 } as const;

/** Conversions between scalars: operand type, then name and opcode per result type. */
export const I32_FROM_I64 = { wrap_i64: 0xa7 } as const;
export const I32_FROM_F32 = {
  trunc_f32_s: 0xa8,
  trunc_f32_u: 0xa9,
  trunc_sat_f32_s: 0xfc0000,
  trunc_sat_f32_u: 0xfc0001,
  reinterpret_f32: 0xbc,
} as const;
export const I32_FROM_F64 = {
  trunc_f64_s: 0xaa,
  trunc_f64_u: 0xab,
  trunc_sat_f64_s: 0xfc0002,
  trunc_sat_f64_u: 0xfc0003,
} as const;
export const I64_FROM_I32 = { extend_i32_s: 0xac, extend_i32_u: 0xad } as const;
export const I64_FROM_F32 = {
  trunc_f32_s: 0xae,
  trunc_f32_u: 0xaf,
  trunc_sat_f32_s: 0xfc0004,
  trunc_sat_f32_u: 0xfc0005,
} as const;
export const I64_FROM_F64 = {
  trunc_f64_s: 0xb0,
  trunc_f64_u: 0xb1,
  trunc_sat_f64_s: 0xfc0006,
  trunc_sat_f64_u: 0xfc0007,
  reinterpret_f64: 0xbd,
} as const;
export const F32_FROM_I32 = { convert_i32_s: 0xb2, convert_i32_u: 0xb3, reinterpret_i32: 0xbe } as const;
export const F32_FROM_I64 = { convert_i64_s: 0xb4, convert_i64_u: 0xb5 } as const;
export const F32_FROM_F64 = { demote_f64: 0xb6 } as const;
export const F64_FROM_I32 = { convert_i32_s: 0xb7, convert_i32_u: 0xb8 } as const;
export const F64_FROM_I64 = { convert_i64_s: 0xb9, convert_i64_u: 0xba, reinterpret_i64: 0xbf } as const;
export const F64_FROM_F32 = { promote_f32: 0xbb } as const;

/** Loads: [opcode, natural alignment in bytes]. */
export const I32_LOAD = {
  load: [0x28, 4],
  load8_s: [0x2c, 1],
  load8_u: [0x2d, 1],
  load16_s: [0x2e, 2],
  load16_u: [0x2f, 2],
} as const;
export const I64_LOAD = {
  load: [0x29, 8],
  load8_s: [0x30, 1],
  load8_u: [0x31, 1],
  load16_s: [0x32, 2],
  load16_u: [0x33, 2],
  load32_s: [0x34, 4],
  load32_u: [0x35, 4],
} as const;
export const F32_LOAD = { load: [0x2a, 4] } as const;
export const F64_LOAD = { load: [0x2b, 8] } as const;
export const V128_LOAD = {
  load: [0xfd0000, 16],
  load8x8_s: [0xfd0001, 8],
  load8x8_u: [0xfd0002, 8],
  load16x4_s: [0xfd0003, 8],
  load16x4_u: [0xfd0004, 8],
  load32x2_s: [0xfd0005, 8],
  load32x2_u: [0xfd0006, 8],
  load8_splat: [0xfd0007, 1],
  load16_splat: [0xfd0008, 2],
  load32_splat: [0xfd0009, 4],
  load64_splat: [0xfd000a, 8],
  load32_zero: [0xfd005c, 4],
  load64_zero: [0xfd005d, 8],
} as const;

/** Stores: [opcode, natural alignment in bytes]. */
export const I32_STORE = { store: [0x36, 4], store8: [0x3a, 1], store16: [0x3b, 2] } as const;
export const I64_STORE = { store: [0x37, 8], store8: [0x3c, 1], store16: [0x3d, 2], store32: [0x3e, 4] } as const;
export const F32_STORE = { store: [0x38, 4] } as const;
export const F64_STORE = { store: [0x39, 8] } as const;
export const V128_STORE = { store: [0xfd000b, 16] } as const;

/** Loads and stores of one lane: [opcode, natural alignment in bytes, lanes]. */
export const V128_LOAD_LANE = {
  load8_lane: [0xfd0054, 1, 16],
  load16_lane: [0xfd0055, 2, 8],
  load32_lane: [0xfd0056, 4, 4],
  load64_lane: [0xfd0057, 8, 2],
} as const;
export const V128_STORE_LANE = {
  store8_lane: [0xfd0058, 1, 16],
  store16_lane: [0xfd0059, 2, 8],
  store32_lane: [0xfd005a, 4, 4],
  store64_lane: [0xfd005b, 8, 2],
} as const;
