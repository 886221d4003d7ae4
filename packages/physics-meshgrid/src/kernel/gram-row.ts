import {
  br_if,
  type Expr,
  type FunctionBuilder,
  type FunctionRef,
  f64,
  f64x2,
  i32,
  type Local,
  loop,
  type ModuleBuilder,
  type Statement,
  when,
} from "@siegert/wasm";
import { accumulate, componentAddress, lanes } from "./tile-kernel.ts";

/** Tangents per frame: of the decaying channel first, then of the phase (phi0 last). */
export const DECAY_TANGENTS = 3;
export const PHASE_TANGENTS = 4;
export const TANGENTS: number = DECAY_TANGENTS + PHASE_TANGENTS;

/** Sums per column: of M, X = ∂M/∂Φ, M², MX, X². */
export const COLUMN_SUMS = 5;

/**
 * Sums of one tile row after another, before the scales of the parameters: products of two tangents (row-major), of the
 * contrast and each tangent, Σ M², of the offset and each tangent, Σ M.
 */
export const GRAM_CONTRAST: number = TANGENTS * TANGENTS;
export const GRAM_SQUARES: number = GRAM_CONTRAST + TANGENTS;
export const GRAM_OFFSET: number = GRAM_SQUARES + 1;
export const GRAM_VALUES: number = GRAM_OFFSET + TANGENTS;
export const GRAM_LENGTH: number = GRAM_VALUES + 1;

const PARAMETERS = [
  "i32", // M and X of the row, at its first column
  "i32",
  "i32", // length × 8
  "i32", // tangents of the columns counted from the first column of the tile, at the first column of the row
  "i32", // column sums, at the same column
  "i32", // from one tangent or sum to the next
  "i32", // tangents of the row's frame
  "i32", // tangents of the first column of the tile
  "i32", // where the sums are gathered
] as const;

export type GramRow = FunctionRef<typeof PARAMETERS, readonly []>;

/**
 * Adds what one row of a tile contributes to JᵀJ of M = decay × (sin Φ/Φ)^p. With B any of M², MX, X² and tangents d, d′
 * counted from the tile's first column, Σ B (d_j − d_i)(d′_j − d′_i) = Σ_j d_j d′_j (Σ_i B) + Σ_i [d_i d′_i Σ_j B −
 * d_i Σ_j B d′_j − d′_i Σ_j B d_j]: the first part is left to the column sums.
 */
export function addGramRow(module: ModuleBuilder): GramRow {
  return module.function("gramRow", { params: PARAMETERS, results: [] }, (fn, ...locals) => {
    const [values, slopes, length, centred, columns, component, row, first, out] = locals;
    const at = fn.local("i32");
    const sums = {
      plain: fn.locals("v128", COLUMN_SUMS),
      square: fn.locals("v128", DECAY_TANGENTS),
      mixedDecay: fn.locals("v128", DECAY_TANGENTS),
      mixedPhase: fn.locals("v128", PHASE_TANGENTS),
      slope: fn.locals("v128", PHASE_TANGENTS),
    };
    const pointers = { values, slopes, length, centred, columns, component };
    return [
      when(i32.gt_u(length, i32.const(0)), [
        ...decayLoop(fn, pointers, at, sums),
        at.set(i32.const(0)),
        ...phaseLoop(fn, pointers, at, sums),
        ...gather(fn, sums, component, row, first, out),
      ]),
    ];
  });
}

interface Pointers {
  readonly values: Local<"i32">;
  readonly slopes: Local<"i32">;
  readonly length: Local<"i32">;
  readonly centred: Local<"i32">;
  readonly columns: Local<"i32">;
  readonly component: Local<"i32">;
}

interface Sums {
  readonly plain: readonly Local<"v128">[];
  readonly square: readonly Local<"v128">[];
  readonly mixedDecay: readonly Local<"v128">[];
  readonly mixedPhase: readonly Local<"v128">[];
  readonly slope: readonly Local<"v128">[];
}

const { add, mul } = f64x2;

/** sum += value, both in the row and per column. */
function addSum(p: Pointers, at: Local<"i32">, sums: Sums, k: number, value: Local<"v128">): Statement[] {
  const address = () => i32.add(componentAddress(p.columns, p.component, k), at);
  return [
    f64x2.store(address(), add(f64x2.load(address(), 0, 8), value), 0, 8),
    sums.plain[k]!.set(add(sums.plain[k]!, value)),
  ];
}

function repeat(p: Pointers, at: Local<"i32">, step: readonly Statement[]): Statement {
  return loop((again) => [...step, at.set(i32.add(at, i32.const(16))), br_if(again, i32.lt_u(at, p.length))]);
}

/** M, M², MX, and their products with the tangents of the decay. Apart from the other loop to fit the registers. */
function decayLoop(fn: FunctionBuilder, p: Pointers, at: Local<"i32">, sums: Sums): Statement[] {
  const [value, square, mixed, tangent] = fn.locals("v128", 4) as [
    Local<"v128">,
    Local<"v128">,
    Local<"v128">,
    Local<"v128">,
  ];
  const step: Statement[] = [
    value.set(f64x2.load(i32.add(p.values, at), 0, 8)),
    square.set(mul(value, value)),
    mixed.set(mul(value, f64x2.load(i32.add(p.slopes, at), 0, 8))),
    ...addSum(p, at, sums, 0, value),
    ...addSum(p, at, sums, 2, square),
    ...addSum(p, at, sums, 3, mixed),
  ];
  for (let k = 0; k < DECAY_TANGENTS; k++) {
    step.push(
      tangent.set(f64x2.load(i32.add(componentAddress(p.centred, p.component, k), at), 0, 8)),
      sums.square[k]!.set(add(sums.square[k]!, mul(square, tangent))),
      sums.mixedDecay[k]!.set(add(sums.mixedDecay[k]!, mul(mixed, tangent))),
    );
  }
  return [repeat(p, at, step)];
}

/** X, X², and products of MX and X² with the tangents of the phase. */
function phaseLoop(fn: FunctionBuilder, p: Pointers, at: Local<"i32">, sums: Sums): Statement[] {
  const [slope, square, mixed, tangent] = fn.locals("v128", 4) as [
    Local<"v128">,
    Local<"v128">,
    Local<"v128">,
    Local<"v128">,
  ];
  const step: Statement[] = [
    slope.set(f64x2.load(i32.add(p.slopes, at), 0, 8)),
    square.set(mul(slope, slope)),
    mixed.set(mul(slope, f64x2.load(i32.add(p.values, at), 0, 8))),
    ...addSum(p, at, sums, 1, slope),
    ...addSum(p, at, sums, 4, square),
  ];
  for (let l = 0; l < PHASE_TANGENTS; l++) {
    const address = componentAddress(p.centred, p.component, DECAY_TANGENTS + l);
    step.push(
      tangent.set(f64x2.load(i32.add(address, at), 0, 8)),
      sums.mixedPhase[l]!.set(add(sums.mixedPhase[l]!, mul(mixed, tangent))),
      sums.slope[l]!.set(add(sums.slope[l]!, mul(square, tangent))),
    );
  }
  return [repeat(p, at, step)];
}

/** The products with the row's own tangents. */
function gather(
  fn: FunctionBuilder,
  sums: Sums,
  component: Local<"i32">,
  row: Local<"i32">,
  first: Local<"i32">,
  out: Local<"i32">,
): Statement[] {
  const statements: Statement[] = [];
  const scalar = (value: Expr<"f64">) => {
    const local = fn.local("f64");
    statements.push(local.set(value));
    return local;
  };
  const at = (base: Local<"i32">, t: number) => f64.load(componentAddress(base, component, t));
  const own = Array.from({ length: TANGENTS }, (_, t) => scalar(f64.sub(at(row, t), at(first, t))));
  const [value, slope, square, mixed, slopeSquare] = sums.plain.map((vector) => scalar(lanes(vector)));
  const squares = sums.square.map((vector) => scalar(lanes(vector)));
  const mixedDecay = sums.mixedDecay.map((vector) => scalar(lanes(vector)));
  const mixedPhase = sums.mixedPhase.map((vector) => scalar(lanes(vector)));
  const slopes = sums.slope.map((vector) => scalar(lanes(vector)));
  const store = (entry: number, term: Expr<"f64">) => statements.push(accumulate(out, term, 8 * entry));
  const minus = (a: Expr<"f64">, b: Expr<"f64">) => f64.neg(f64.mul(a, b));
  for (let t = 0; t < TANGENTS; t++) {
    const isPhase = t >= DECAY_TANGENTS;
    const d = own[t]!;
    for (let s = 0; s <= t; s++) {
      const total = isPhase ? (s >= DECAY_TANGENTS ? slopeSquare! : mixed!) : square!;
      // Σ_j B d_j for the tangent s next to t's kind, and for t next to s's.
      const bySecond = isPhase ? (s >= DECAY_TANGENTS ? slopes[s - DECAY_TANGENTS]! : mixedDecay[s]!) : squares[s]!;
      const byFirst = isPhase
        ? s >= DECAY_TANGENTS
          ? slopes[t - DECAY_TANGENTS]!
          : mixedPhase[t - DECAY_TANGENTS]!
        : squares[t]!;
      const both = f64.mul(own[s]!, f64.sub(f64.mul(d, total), byFirst));
      store(t * TANGENTS + s, f64.sub(both, f64.mul(d, bySecond)));
    }
    store(GRAM_CONTRAST + t, minus(d, isPhase ? mixed! : square!));
    store(GRAM_OFFSET + t, minus(d, isPhase ? slope! : value!));
  }
  store(GRAM_SQUARES, square!);
  store(GRAM_VALUES, value!);
  return statements;
}
