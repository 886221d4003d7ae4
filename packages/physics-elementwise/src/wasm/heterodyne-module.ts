import {
  type Expr,
  type FunctionBuilder,
  f64x2,
  i32,
  type Local,
  type ModuleBuilder,
  type Statement,
  v128,
} from "@siegert/wasm";
import {
  addPairLoop,
  frameOffset,
  type PairLoopBody,
  type PairLoopLocals,
  ResidualSums,
  storeNormalised,
} from "./pair-loop.ts";

const LOW = [0, 0];
const HIGH = [1, 1];
const SWAPPED = [1, 0];

/** Adds the kernels of `heterodyne-kernel.ts`: two pairs at a time, real and imaginary parts side by side. */
export function addHeterodyneKernels(module: ModuleBuilder, isWeighted: boolean): void {
  addPairLoop(module, "fill", fillBody);
  addPairLoop(module, "accumulate", (fn, at) => accumulateBody(fn, at, isWeighted));
}

function fillBody(fn: FunctionBuilder, at: PairLoopLocals): PairLoopBody {
  const row = new HeterodyneRow(fn, at);
  return {
    startRow: row.start(),
    pairs: (isSingle) => [...row.evaluate(isSingle), storeNormalised(at, row.m, isSingle)],
    endRow: [],
    end: [],
  };
}

function accumulateBody(fn: FunctionBuilder, at: PairLoopLocals, isWeighted: boolean): PairLoopBody {
  const row = new HeterodyneRow(fn, at);
  const sums = new ResidualSums(fn, at, isWeighted);
  const scatter = new HeterodyneScatter(fn, at, row, sums);
  return {
    startRow: [...row.start(), ...sums.startRow(), ...scatter.startRow()],
    pairs: (isSingle) => [
      ...row.evaluate(isSingle),
      ...sums.add(row.m, isSingle),
      ...scatter.pair(0),
      ...(isSingle ? [] : scatter.pair(1)),
    ],
    endRow: scatter.endRow(),
    end: sums.end(),
  };
}

/** What a pair reads: (p̄, q̄), (ā, ā), and (Re, Im). */
interface PairLocals {
  readonly to: Local<"i32">;
  readonly z: Local<"v128">;
  readonly a: Local<"v128">;
  readonly w: Local<"v128">;
}

class HeterodyneRow {
  /** (p, p), (q, −q), (a, 0) of the row's frame. */
  readonly #p: Local<"v128">;
  readonly #q: Local<"v128">;
  readonly #a: Local<"v128">;
  readonly m: Local<"v128">;
  readonly pair: readonly PairLocals[];
  readonly #at: PairLoopLocals;

  constructor(fn: FunctionBuilder, at: PairLoopLocals) {
    this.#at = at;
    this.#p = fn.local("f64x2");
    this.#q = fn.local("f64x2");
    this.#a = fn.local("f64x2");
    this.m = fn.local("f64x2");
    this.pair = [0, 1].map(() => ({
      to: fn.local("i32"),
      z: fn.local("f64x2"),
      a: fn.local("f64x2"),
      w: fn.local("f64x2"),
    }));
  }

  start(): Statement[] {
    const { left } = this.#at;
    return [
      this.#p.set(v128.load64_splat(left)),
      this.#q.set(f64x2.mul(v128.load64_splat(left, 8), f64x2.const(1, -1))),
      this.#a.set(v128.load64_zero(left, 16)),
    ];
  }

  evaluate(isSingle: boolean): Statement[] {
    const [first, second] = this.pair as [PairLocals, PairLocals];
    const last = isSingle ? first : second;
    const squares = (pair: PairLocals): Expr<"v128"> => f64x2.mul(pair.w, pair.w);
    return [
      ...this.#one(first, false),
      ...(isSingle ? [] : this.#one(second, true)),
      this.m.set(
        f64x2.add(
          f64x2.shuffle(squares(first), squares(last), [0, 2]),
          f64x2.shuffle(squares(first), squares(last), [1, 3]),
        ),
      ),
    ];
  }

  #one({ to, z, a, w }: PairLocals, isSecond: boolean): Statement[] {
    const { right } = this.#at;
    return [
      to.set(frameOffset(this.#at, isSecond)),
      z.set(v128.load(i32.add(right, to))),
      a.set(v128.load(i32.add(right, to), 16)),
      w.set(
        f64x2.add(
          f64x2.add(f64x2.mul(this.#p, z), f64x2.mul(this.#q, f64x2.shuffle(z, z, SWAPPED))),
          f64x2.mul(this.#a, a),
        ),
      ),
    ];
  }
}

/** Adds u·Re and u·Im, times the partner's factors, to both frames of a pair. */
class HeterodyneScatter {
  /** (p, q), (−q, p), (a, a) of the row's frame. */
  readonly #z: Local<"v128">;
  readonly #turned: Local<"v128">;
  readonly #a: Local<"v128">;
  readonly #byReal: Local<"v128">;
  readonly #byImaginary: Local<"v128">;
  readonly #byA: Local<"v128">;
  readonly #uw: Local<"v128">;
  readonly #re: Local<"v128">;
  readonly #im: Local<"v128">;
  readonly #at: PairLoopLocals;
  readonly #row: HeterodyneRow;
  readonly #sums: ResidualSums;

  constructor(fn: FunctionBuilder, at: PairLoopLocals, row: HeterodyneRow, sums: ResidualSums) {
    this.#at = at;
    this.#row = row;
    this.#sums = sums;
    const vector = (): Local<"v128"> => fn.local("f64x2");
    this.#z = vector();
    this.#turned = vector();
    this.#a = vector();
    this.#byReal = vector();
    this.#byImaginary = vector();
    this.#byA = vector();
    this.#uw = vector();
    this.#re = vector();
    this.#im = vector();
  }

  startRow(): Statement[] {
    const { left } = this.#at;
    return [
      this.#z.set(v128.load(left)),
      this.#turned.set(f64x2.mul(f64x2.shuffle(this.#z, this.#z, SWAPPED), f64x2.const(-1, 1))),
      this.#a.set(v128.load64_splat(left, 16)),
      this.#byReal.set(f64x2.const(0)),
      this.#byImaginary.set(f64x2.const(0)),
      this.#byA.set(f64x2.const(0)),
    ];
  }

  pair(lane: 0 | 1): Statement[] {
    const { to, z, a, w } = this.#row.pair[lane]!;
    const { u } = this.#sums;
    const target = i32.add(this.#at.rightGradient, to);
    const uLane = f64x2.shuffle(u, u, lane === 0 ? LOW : HIGH);
    const byZ = f64x2.add(f64x2.mul(this.#re, this.#z), f64x2.mul(this.#im, this.#turned));
    return [
      this.#uw.set(f64x2.mul(uLane, w)),
      this.#re.set(f64x2.shuffle(this.#uw, this.#uw, LOW)),
      this.#im.set(f64x2.shuffle(this.#uw, this.#uw, HIGH)),
      v128.store(target, f64x2.add(v128.load(target), byZ)),
      v128.store(target, f64x2.add(v128.load(target, 16), f64x2.mul(this.#uw, this.#a)), 16),
      this.#byReal.set(f64x2.add(this.#byReal, f64x2.mul(this.#re, z))),
      this.#byImaginary.set(f64x2.add(this.#byImaginary, f64x2.mul(this.#im, f64x2.shuffle(z, z, SWAPPED)))),
      this.#byA.set(f64x2.add(this.#byA, f64x2.mul(this.#uw, a))),
    ];
  }

  endRow(): Statement[] {
    const { leftGradient } = this.#at;
    const byZ = f64x2.add(this.#byReal, f64x2.mul(this.#byImaginary, f64x2.const(1, -1)));
    return [v128.store(leftGradient, byZ), v128.store(leftGradient, this.#byA, 16)];
  }
}
