import {
  type Expr,
  type FunctionBuilder,
  f64x2,
  i32,
  type Local,
  type ModuleBuilder,
  type Statement,
  v128,
  when,
  whileLoop,
} from "@siegert/wasm";

/** Byte addresses and sizes that a kernel is called with, in the order of {@link pairLoopParameters}. */
export interface PairLoopLocals {
  /** First row of the angle in `rowStart`, and the address behind its last. */
  readonly row: Local<"i32">;
  readonly rowsEnd: Local<"i32">;
  /** Factors of the row's frame. */
  readonly left: Local<"i32">;
  /** Factors of the angle's first frame. */
  readonly right: Local<"i32">;
  /** Gradient tables, of the row's frame and of the angle's first. */
  readonly leftGradient: Local<"i32">;
  readonly rightGradient: Local<"i32">;
  /** Column, measured value and weight of the current pair; for `fill`, `measured` is where the result goes. */
  readonly column: Local<"i32">;
  readonly measured: Local<"i32">;
  readonly weight: Local<"i32">;
  readonly sums: Local<"i32">;
  readonly contrast: Local<"f64">;
  readonly offset: Local<"f64">;
}

const ADDRESSES = ["i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32", "f64", "f64"] as const;

/** What a model contributes to the loop. Pairs come two at a time, and a last one alone as `isSingle`. */
export interface PairLoopBody {
  /** Before the first pair of a row. */
  readonly startRow: readonly Statement[];
  readonly pairs: (isSingle: boolean) => readonly Statement[];
  /** After the last pair of a row. */
  readonly endRow: readonly Statement[];
  /** After the last row. */
  readonly end: readonly Statement[];
}

/** Adds an exported function that walks the rows of one angle. */
export function addPairLoop(
  module: ModuleBuilder,
  name: string,
  describe: (fn: FunctionBuilder, at: PairLoopLocals) => PairLoopBody,
): void {
  module.function(name, { params: ADDRESSES, results: [], export: true }, (fn, ...params) => {
    const [row, rowsEnd, left, right, leftGradient, rightGradient, firstColumn, firstMeasured, firstWeight] = params;
    const [, , , , , , , , , sums, contrast, offset] = params;
    const [column, measured, weight] = [fn.local("i32"), fn.local("i32"), fn.local("i32")];
    const [first, count, evenEnd] = [fn.local("i32"), fn.local("i32"), fn.local("i32")];
    const at: PairLoopLocals = {
      row,
      rowsEnd,
      left,
      right,
      leftGradient,
      rightGradient,
      column,
      measured,
      weight,
      sums,
      contrast,
      offset,
    };
    const body = describe(fn, at);
    const advance = (local: Local<"i32">, bytes: number): Statement => local.set(i32.add(local, i32.const(bytes)));
    const element = (base: Expr<"i32">, shift: number): Expr<"i32"> => i32.add(base, i32.shl(first, i32.const(shift)));
    const walk: Statement[] = [
      ...body.startRow,
      column.set(element(firstColumn, 2)),
      measured.set(element(firstMeasured, 3)),
      weight.set(element(firstWeight, 3)),
      evenEnd.set(i32.add(column, i32.shl(i32.and(count, i32.const(-2)), i32.const(2)))),
      whileLoop(i32.lt_u(column, evenEnd), [
        ...body.pairs(false),
        advance(column, 8),
        advance(measured, 16),
        advance(weight, 16),
      ]),
      when(i32.and(count, i32.const(1)), body.pairs(true)),
      ...body.endRow,
    ];
    return [
      whileLoop(i32.lt_u(row, rowsEnd), [
        first.set(i32.load(row)),
        count.set(i32.sub(i32.load(row, 4), first)),
        when(count, walk),
        advance(row, 4),
        advance(left, 32),
        advance(leftGradient, 32),
      ]),
      ...body.end,
    ];
  });
}

/** Address of the factors of a pair's later frame, relative to the first frame's: column · 32 bytes. */
export function frameOffset(at: PairLoopLocals, isSecond: boolean): Expr<"i32"> {
  return i32.shl(i32.load(at.column, isSecond ? 4 : 0), i32.const(5));
}

/** Reads one number per pair; a single pair's is in both lanes. */
export function loadPair(address: Local<"i32">, isSingle: boolean): Expr<"v128"> {
  return isSingle ? v128.load64_splat(address) : v128.load(address, 0, 8);
}

/** Writes the normalised correlations of the pairs. */
export function storeNormalised(at: PairLoopLocals, m: Expr<"v128">, isSingle: boolean): Statement {
  return isSingle ? v128.store64_lane(at.measured, m, 0) : v128.store(at.measured, m, 0, 8);
}

/** Residual, weighted residual and the three running sums that every accumulating kernel keeps. */
export class ResidualSums {
  readonly #at: PairLoopLocals;
  readonly #isWeighted: boolean;
  readonly #contrast: Local<"v128">;
  readonly #offset: Local<"v128">;
  readonly #residual: Local<"v128">;
  readonly #square: Local<"v128">;
  readonly #sum: Local<"v128">;
  readonly #product: Local<"v128">;
  /** Weight · residual of the pairs; 0 in the second lane of a single pair. */
  readonly u: Local<"v128">;
  /** u · m. */
  readonly um: Local<"v128">;

  constructor(fn: FunctionBuilder, at: PairLoopLocals, isWeighted: boolean) {
    this.#at = at;
    this.#isWeighted = isWeighted;
    const vector = (): Local<"v128"> => fn.local("f64x2");
    this.#contrast = vector();
    this.#offset = vector();
    this.#residual = vector();
    this.#square = vector();
    this.#sum = vector();
    this.#product = vector();
    this.u = vector();
    this.um = vector();
  }

  startRow(): Statement[] {
    return [this.#contrast.set(f64x2.splat(this.#at.contrast)), this.#offset.set(f64x2.splat(this.#at.offset))];
  }

  add(m: Local<"v128">, isSingle: boolean): Statement[] {
    const { u, um } = this;
    const measured = loadPair(this.#at.measured, isSingle);
    const residual = f64x2.sub(f64x2.sub(measured, this.#offset), f64x2.mul(this.#contrast, m));
    return [
      this.#residual.set(residual),
      u.set(this.#weighted(isSingle)),
      um.set(f64x2.mul(u, m)),
      this.#square.set(f64x2.add(this.#square, f64x2.mul(u, this.#residual))),
      this.#sum.set(f64x2.add(this.#sum, u)),
      this.#product.set(f64x2.add(this.#product, um)),
    ];
  }

  #weighted(isSingle: boolean): Expr<"v128"> {
    if (this.#isWeighted) {
      const weight = this.#at.weight;
      return f64x2.mul(isSingle ? v128.load64_zero(weight) : v128.load(weight, 0, 8), this.#residual);
    }
    return isSingle ? f64x2.mul(f64x2.const(1, 0), this.#residual) : this.#residual;
  }

  end(): Statement[] {
    const { sums } = this.#at;
    const total = (vector: Local<"v128">): Expr<"v128"> => f64x2.add(vector, f64x2.shuffle(vector, vector, [1, 0]));
    return [this.#square, this.#sum, this.#product].map((vector, k) =>
      v128.store64_lane(sums, total(vector), 0, 8 * k),
    );
  }
}
