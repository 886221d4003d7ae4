import {
  type Expr,
  type FunctionBuilder,
  f64x2,
  i32,
  i64x2,
  type Local,
  type ModuleBuilder,
  type Statement,
  v128,
  when,
} from "@siegert/wasm";
import { SERIES_LIMIT, SINC_SERIES, SLOPE_SERIES } from "../sinc-series.ts";
import {
  addPairLoop,
  frameOffset,
  type PairLoopBody,
  type PairLoopLocals,
  ResidualSums,
  storeNormalised,
} from "./pair-loop.ts";

const EVEN = [0, 2];
const ODD = [1, 3];

/** Adds the narrow kernels of `homodyne-kernel.ts`: two pairs at a time, one per lane. */
export function addHomodyneKernels(module: ModuleBuilder, sincPower: 0 | 2 | 4, isWeighted: boolean): void {
  addPairLoop(module, "fill", (fn, at) => {
    const row = new HomodyneRow(fn, at, sincPower, false);
    return {
      startRow: row.start(),
      pairs: (isSingle) => [...row.evaluate(isSingle), storeNormalised(at, row.m, isSingle)],
      endRow: [],
      end: [],
    };
  });
  addPairLoop(module, "accumulate", (fn, at) => accumulateBody(fn, at, sincPower, isWeighted));
}

function accumulateBody(
  fn: FunctionBuilder,
  at: PairLoopLocals,
  sincPower: 0 | 2 | 4,
  isWeighted: boolean,
): PairLoopBody {
  const row = new HomodyneRow(fn, at, sincPower, true);
  const sums = new ResidualSums(fn, at, isWeighted);
  const [byExponent, byPhase, flow] = [fn.local("f64x2"), fn.local("f64x2"), fn.local("f64x2")];
  const scatter = (lane: 0 | 1): Statement => {
    const target = i32.add(at.rightGradient, row.to[lane]!);
    return v128.store(target, f64x2.add(v128.load(target), f64x2.shuffle(sums.um, flow, [lane, lane + 2])));
  };
  return {
    startRow: [...row.start(), ...sums.startRow(), byExponent.set(f64x2.const(0)), byPhase.set(f64x2.const(0))],
    pairs: (isSingle) => [
      ...row.evaluate(isSingle),
      ...sums.add(row.m, isSingle),
      ...(sincPower === 0 ? [] : [flow.set(f64x2.mul(f64x2.mul(sums.u, row.decay), row.byShape))]),
      byExponent.set(f64x2.add(byExponent, sums.um)),
      byPhase.set(f64x2.sub(byPhase, flow)),
      scatter(0),
      ...(isSingle ? [] : [scatter(1)]),
    ],
    endRow: [
      v128.store(
        at.leftGradient,
        f64x2.add(f64x2.shuffle(byExponent, byPhase, EVEN), f64x2.shuffle(byExponent, byPhase, ODD)),
      ),
    ],
    end: sums.end(),
  };
}

class HomodyneRow {
  readonly m: Local<"v128">;
  readonly decay: Local<"v128">;
  /** Derivative of sinc^power by the phase. */
  readonly byShape: Local<"v128">;
  readonly to: readonly Local<"i32">[];
  readonly #at: PairLoopLocals;
  readonly #sincPower: 0 | 2 | 4;
  readonly #withSlope: boolean;
  readonly #e: Local<"v128">;
  readonly #cosine: Local<"v128">;
  readonly #sine: Local<"v128">;
  readonly #ownPhase: Local<"v128">;
  readonly #low: readonly Local<"v128">[];
  readonly #high: readonly Local<"v128">[];
  readonly #phase: Local<"v128">;
  readonly #x: Local<"v128">;
  readonly #isSmall: Local<"v128">;
  readonly #inverse: Local<"v128">;
  readonly #sinc: Local<"v128">;
  readonly #slope: Local<"v128">;
  readonly #square: Local<"v128">;

  constructor(fn: FunctionBuilder, at: PairLoopLocals, sincPower: 0 | 2 | 4, withSlope: boolean) {
    const vector = (): Local<"v128"> => fn.local("f64x2");
    this.#at = at;
    this.#sincPower = sincPower;
    this.#withSlope = withSlope;
    this.m = vector();
    this.decay = vector();
    this.byShape = vector();
    this.to = fn.locals("i32", 2);
    this.#e = vector();
    this.#cosine = vector();
    this.#sine = vector();
    this.#ownPhase = vector();
    this.#low = fn.locals("f64x2", 2);
    this.#high = fn.locals("f64x2", 2);
    this.#phase = vector();
    this.#x = vector();
    this.#isSmall = vector();
    this.#inverse = vector();
    this.#sinc = vector();
    this.#slope = vector();
    this.#square = vector();
  }

  start(): Statement[] {
    const { left } = this.#at;
    return [
      this.#e.set(v128.load64_splat(left)),
      this.#cosine.set(v128.load64_splat(left, 8)),
      this.#sine.set(v128.load64_splat(left, 16)),
      this.#ownPhase.set(v128.load64_splat(left, 24)),
    ];
  }

  evaluate(isSingle: boolean): Statement[] {
    const last = isSingle ? 0 : 1;
    const statements = [...this.#load(0), ...(isSingle ? [] : this.#load(1))];
    statements.push(this.decay.set(f64x2.mul(this.#e, f64x2.shuffle(this.#low[0]!, this.#low[last]!, EVEN))));
    if (this.#sincPower === 0) return [...statements, this.m.set(this.decay)];
    return [
      ...statements,
      this.#phase.set(f64x2.sub(f64x2.shuffle(this.#high[0]!, this.#high[last]!, ODD), this.#ownPhase)),
      this.#x.set(f64x2.mul(this.#phase, this.#phase)),
      this.#isSmall.set(f64x2.lt(this.#x, f64x2.const(SERIES_LIMIT))),
      ...this.#writeSinc(last),
      ...this.#writeShape(),
    ];
  }

  #load(lane: 0 | 1): Statement[] {
    const { right } = this.#at;
    const to = this.to[lane]!;
    return [
      to.set(frameOffset(this.#at, lane === 1)),
      this.#low[lane]!.set(v128.load(i32.add(right, to))),
      this.#high[lane]!.set(v128.load(i32.add(right, to), 16)),
    ];
  }

  /** The quotient unless both phases are small, the series where one is. */
  #writeSinc(last: 0 | 1): Statement[] {
    const cosine = f64x2.shuffle(this.#low[0]!, this.#low[last]!, ODD);
    const sine = f64x2.shuffle(this.#high[0]!, this.#high[last]!, EVEN);
    const cross = f64x2.sub(f64x2.mul(sine, this.#cosine), f64x2.mul(cosine, this.#sine));
    const dot = f64x2.add(f64x2.mul(cosine, this.#cosine), f64x2.mul(sine, this.#sine));
    const choose = (series: Expr<"v128">, current: Local<"v128">): Statement =>
      current.set(v128.bitselect(series, current, this.#isSmall));
    const slope = f64x2.mul(f64x2.sub(dot, this.#sinc), this.#inverse);
    return [
      when(i32.eqz(i64x2.all_true(this.#isSmall)), [
        this.#inverse.set(f64x2.div(f64x2.const(1), this.#phase)),
        this.#sinc.set(f64x2.mul(cross, this.#inverse)),
        ...(this.#withSlope ? [this.#slope.set(slope)] : []),
      ]),
      when(v128.any_true(this.#isSmall), [
        choose(polynomial(SINC_SERIES, this.#x), this.#sinc),
        ...(this.#withSlope ? [choose(f64x2.mul(this.#phase, polynomial(SLOPE_SERIES, this.#x)), this.#slope)] : []),
      ]),
    ];
  }

  #writeShape(): Statement[] {
    const isFourth = this.#sincPower === 4;
    const statements = [this.#square.set(f64x2.mul(this.#sinc, this.#sinc))];
    if (this.#withSlope) {
      const power = isFourth ? f64x2.mul(this.#square, this.#sinc) : this.#sinc;
      statements.push(this.byShape.set(f64x2.mul(f64x2.mul(f64x2.const(this.#sincPower), power), this.#slope)));
    }
    const shape = isFourth ? f64x2.mul(this.#square, this.#square) : this.#square;
    return [...statements, this.m.set(f64x2.mul(this.decay, shape))];
  }
}

/** Horner's rule. */
function polynomial(coefficients: readonly number[], x: Local<"v128">): Expr<"v128"> {
  return coefficients.reduceRight<Expr<"v128"> | undefined>((sum, coefficient) => {
    const constant = f64x2.const(coefficient);
    return sum === undefined ? constant : f64x2.add(constant, f64x2.mul(x, sum));
  }, undefined)!;
}
