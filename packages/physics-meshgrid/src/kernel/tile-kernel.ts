import {
  type Expr,
  type FunctionBuilder,
  f64,
  f64x2,
  i32,
  i64x2,
  type Local,
  type Statement,
  v128,
} from "@siegert/wasm";

/** Arguments of a kernel that works on one tile: addresses and lengths in bytes, then numbers. */
export const TILE_PARAMETERS = [
  "i32", // data of the tile
  "i32", // weights of the tile (masks count as weights); not read by kernels without weights
  "i32", // row factors, at the first row
  "i32", // column factors, at the first column
  "i32", // row sums
  "i32", // column sums
  "i32", // from one component of factors or sums to the next
  "i32", // rows × 8
  "i32", // columns × 8, columns even
  "i32", // from one row of data to the next
  "i32", // 1 for a diagonal tile, else 0
  "i32", // where to add Σ weight residual² and Σ weight residual
  "f64", // contrast
  "f64", // offset
  "f64", // four factors of the tile
  "f64",
  "f64",
  "f64",
] as const;

/** Arguments that follow for a kernel that also gathers JᵀJ: see `GramArrays`. */
export const GRAM_PARAMETERS: readonly [...typeof TILE_PARAMETERS, "i32", "i32", "i32", "i32", "i32"] = [
  ...TILE_PARAMETERS,
  "i32", // centred tangents, at the first column
  "i32", // column sums, at the first column
  "i32", // tangents, at the first row
  "i32", // tangents, at the first column
  "i32", // sums
] as const;

/** The same arguments on the side of the host. */
export type TileFunction = (...args: number[]) => void;

type I32 = Local<"i32">;

/** The arguments by name. */
export interface TileArguments {
  readonly data: I32;
  readonly weights: I32;
  readonly row: I32;
  readonly column: I32;
  readonly rowSums: I32;
  readonly columnSums: I32;
  readonly component: I32;
  readonly rows: I32;
  readonly columns: I32;
  readonly stride: I32;
  readonly isDiagonal: I32;
  readonly results: I32;
  readonly contrast: Local<"f64">;
  readonly offset: Local<"f64">;
  readonly factors: readonly Local<"f64">[];
  /** The arguments of `GRAM_PARAMETERS` beyond the others. */
  readonly gram: readonly I32[];
}

export function nameArguments(locals: readonly unknown[]): TileArguments {
  const pointers = locals.slice(0, 12) as I32[];
  const [contrast, offset, ...factors] = locals.slice(12, 18) as Local<"f64">[];
  const [data, weights, row, column, rowSums, columnSums, component, rows, columns, stride, isDiagonal, results] =
    pointers as [I32, I32, I32, I32, I32, I32, I32, I32, I32, I32, I32, I32];
  return {
    data,
    weights,
    row,
    column,
    rowSums,
    columnSums,
    component,
    rows,
    columns,
    stride,
    isDiagonal,
    results,
    contrast: contrast!,
    offset: offset!,
    factors,
    gram: locals.slice(18) as I32[],
  };
}

/** Sum of a list, in pairs. */
export function sum(terms: readonly Expr<"v128">[]): Expr<"v128"> {
  if (terms.length === 1) return terms[0]!;
  const half = terms.length >> 1;
  return f64x2.add(sum(terms.slice(0, half)), sum(terms.slice(half)));
}

/** Both lanes added. */
export function lanes(vector: Local<"v128">): Expr<"f64"> {
  return f64.add(f64x2.extract_lane(vector, 0), f64x2.extract_lane(vector, 1));
}

/** Address of component `k`: `base` + k × `component`. */
export function componentAddress(base: Expr<"i32">, component: Expr<"i32">, k: number): Expr<"i32"> {
  return k === 0 ? base : i32.add(base, i32.mul(component, i32.const(k)));
}

/**
 * Bytes from the beginning of a tile in paired order to a pair of rows, `row` × 8, at the column that is `start` bytes
 * from the first.
 */
export function pairedStart(row: Expr<"i32">, start: Expr<"i32">, stride: Expr<"i32">): Expr<"i32"> {
  return i32.add(i32.add(start, start), i32.mul(i32.shr_u(row, i32.const(3)), stride));
}

/**
 * What counts of the first two columns of a diagonal tile's row pair: of (r, r), (r, r + 1) the second, of (r + 1, r),
 * (r + 1, r + 1) neither.
 */
export const DIAGONAL_MASKS: readonly (readonly [bigint, bigint])[] = [
  [0n, -1n],
  [0n, 0n],
];

/** The part of a vector that counts in the first step of a diagonal tile, or all of it. */
export function counted(vector: Expr<"v128">, r: number, isFirst: boolean): Expr<"v128"> {
  return isFirst ? v128.and(vector, i64x2.const(...DIAGONAL_MASKS[r]!)) : vector;
}

/** Adds a number to one in memory. */
export function accumulate(address: Local<"i32">, value: Expr<"f64">, offset = 0): Statement {
  return f64.store(address, f64.add(f64.load(address, offset), value), offset);
}

/** Zero in a vector that an earlier round of a loop has used. */
export function clear(vectors: readonly Local<"v128">[]): Statement[] {
  return vectors.map((vector) => vector.set(f64x2.const(0)));
}

/** One local per component. */
export function pointers(fn: FunctionBuilder, count: number): Local<"i32">[] {
  return fn.locals("i32", count);
}
