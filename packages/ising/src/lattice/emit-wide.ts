/** The module of a wide lattice: sweeps, counts of unsatisfied bonds and of spins up. */
import {
  type Expr,
  type FunctionBuilder,
  forLoop,
  i8x16,
  i16x8,
  i32,
  i32x4,
  i64x2,
  type Local,
  ModuleBuilder,
  type Statement,
  select,
  v128,
} from "@siegert/wasm";
import { LANES_BYTES, vectorLanes } from "../random/xoshiro.ts";
import { emitDigit, emitEnds, type ThresholdSource } from "./emit-bernoulli.ts";
import { emitDecision } from "./emit-decision.ts";
import { type LatticeRule, situations } from "./rule.ts";
import { GENERATORS_BYTES, planeVectors, rowVectors, type WideShape } from "./wide-layout.ts";

/** What the code is made for. */
export interface WideProgram {
  readonly shape: WideShape;
  readonly rule: LatticeRule;
  /** Whether the coupling is negative. */
  readonly isAntiferromagnetic: boolean;
  readonly bits: number;
  /** Thresholds in the code, or undefined for masks in memory. */
  readonly thresholds: readonly number[] | undefined;
  /** Addresses of the signs and of the presence of bonds, in bytes. */
  readonly signsAt: number;
  readonly presenceAt: number;
}

/** Functions of the module; `state` is the address of a replica, `masks` that of its threshold masks. */
export interface WideExports {
  sweep(state: number, masks: number, sweeps: number): void;
  /** Bonds with σ s s' = −1. */
  unsatisfied(state: number): number;
  /** Spins up. */
  ups(state: number): number;
}

const { and, or, xor } = v128;

/** Pointers of a pair of rows, and what lies at the vectors that a loop has come to. */
interface RowPair {
  readonly left: Side;
  readonly right: Side;
  readonly at: Local<"i32">;
}

/** One of the two rows: that whose side neighbour is on the left, or on the right. */
interface Side {
  readonly own: Local<"i32">;
  readonly bonds: Local<"i32">;
  readonly presence: Local<"i32">;
  readonly neighbours: readonly [Local<"v128">, Local<"v128">, Local<"v128">, Local<"v128">];
}

/** Describes the module; the memory is imported as env.memory. */
export function emitWide(program: WideProgram): ModuleBuilder {
  const module = new ModuleBuilder();
  module.memory({ minimum: 1, import: ["env", "memory"] });
  const half = module.function("half", { params: ["i32", "i32", "i32"], results: [] }, (fn, state, masks, colour) =>
    emitHalf(fn, program, state, masks, colour),
  );
  module.function("sweep", { params: ["i32", "i32", "i32"], results: [], export: true }, (fn, state, masks, sweeps) => [
    forLoop(fn.local("i32"), 0, sweeps, 1, [half(state, masks, i32.const(0)), half(state, masks, i32.const(1))]),
  ]);
  module.function("unsatisfied", { params: ["i32"], results: ["i32"], export: true }, (fn, state) =>
    emitUnsatisfied(fn, program, state),
  );
  module.function("ups", { params: ["i32"], results: ["i32"], export: true }, (fn, state) =>
    emitUps(fn, program, state),
  );
  return module;
}

/** One half of a sweep: all spins of a colour. */
function emitHalf(
  fn: FunctionBuilder,
  program: WideProgram,
  state: Local<"i32">,
  masks: Local<"i32">,
  colour: Local<"i32">,
): Statement[] {
  const { rule, bits } = program;
  const generators = [0, 1].map((k) => vectorLanes(fn, state, k * LANES_BYTES));
  const source: ThresholdSource = program.thresholds
    ? { kind: "compiled", thresholds: program.thresholds }
    : { kind: "data", pointer: masks, offset: 0 };
  const randoms = fn.locals("v128", 2) as Local<"v128">[];
  const planes = [0, 1].map(() => situations(rule).map(() => fn.local("v128")));
  const draws: Statement[] = [];
  for (let digit = 0; digit < bits; digit++) {
    for (const side of [0, 1]) {
      draws.push(...generators[side]!.next(randoms[side]!));
      for (const [index, plane] of planes[side]!.entries()) {
        draws.push(...emitDigit(source, index, digit, bits, plane, randoms[side]!));
      }
    }
  }
  const own = fn.local("v128");
  const body = (pair: RowPair): Statement[] => [
    ...draws,
    ...[pair.left, pair.right].flatMap((side, k) => {
      const address = i32.add(side.own, pair.at);
      const inputs = {
        pulls: side.neighbours,
        bonds: bondsAt(side.presence, pair.at, program.shape.isDiluted),
        own,
        planes: planes[k]!,
        raw: randoms[k]!,
      };
      return [
        ...planes[k]!.flatMap((plane, index) => emitEnds(source, index, bits, plane)),
        ...(rule.kernel === "metropolis" ? [own.set(v128.load(address))] : []),
        ...signed(program, side, pair.at),
        ...emitDecision(fn, rule, inputs, own),
        v128.store(address, own),
      ];
    }),
  ];
  return [
    ...generators.flatMap((generator) => generator.load),
    ...emitRows(fn, program, state, colour, body),
    ...generators.flatMap((generator) => generator.store),
  ];
}

/** Statements that turn neighbours into pulls: σ s'. */
function signed({ shape, isAntiferromagnetic }: WideProgram, side: Side, at: Local<"i32">): Statement[] {
  if (shape.hasSigns) {
    const signs = bondsAt(side.bonds, at, true);
    return side.neighbours.map((neighbour, k) => neighbour.set(xor(neighbour, signs[k]!)));
  }
  return isAntiferromagnetic ? side.neighbours.map((neighbour) => neighbour.set(v128.not(neighbour))) : [];
}

/** Vectors of the four bonds of the vector of spins at byte `at` of a row. */
function bondsAt(row: Local<"i32">, at: Local<"i32">, isKept: boolean): Expr<"v128">[] {
  if (!isKept) return [];
  return [0, 1, 2, 3].map((k) => v128.load(i32.add(row, i32.shl(at, i32.const(2))), 16 * k));
}

/** Runs `body` for all vectors of a colour, two at a time, of two rows one above the other. */
function emitRows(
  fn: FunctionBuilder,
  { shape, signsAt, presenceAt }: WideProgram,
  state: Local<"i32">,
  colour: Expr<"i32">,
  body: (pair: RowPair) => Statement[],
): Statement[] {
  const rowBytes = 16 * rowVectors(shape);
  const planeBytes = 16 * planeVectors(shape);
  const [pair, at, own, other, leftRow, rightRow, outerLeft, outerRight] = fn.locals("i32", 8);
  const [otherLeft, otherRight, above, below] = fn.locals("i32", 4);
  const [before, first] = fn.locals("v128", 2);
  const side = (): Side => ({
    own: fn.local("i32"),
    bonds: fn.local("i32"),
    presence: fn.local("i32"),
    neighbours: fn.locals("v128", 4),
  });
  const [left, right] = [side(), side()];
  const row = (index: Expr<"i32">) => i32.mul(index, i32.const(rowBytes));
  const bondsOf = (side: Side, index: Expr<"i32">): Statement[] => {
    const offset = i32.mul(i32.add(i32.mul(colour, i32.const(planeBytes)), row(index)), i32.const(4));
    return [
      ...(shape.hasSigns ? [side.bonds.set(i32.add(i32.const(signsAt), offset))] : []),
      ...(shape.isDiluted ? [side.presence.set(i32.add(i32.const(presenceAt), offset))] : []),
    ];
  };
  const load = (pointer: Expr<"i32">, offset = 0) => v128.load(i32.add(pointer, at), offset);
  const [l0, l1, l2, l3] = left.neighbours;
  const [r0, r1, r2, r3] = right.neighbours;
  const vectors = forLoop(at, 0, rowBytes, 16, [
    l0.set(load(outerLeft)),
    l1.set(load(otherLeft)),
    l3.set(before),
    before.set(l1),
    r0.set(load(outerRight)),
    r1.set(load(otherRight)),
    r3.set(select(first, load(otherRight, 16), i32.eq(at, i32.const(rowBytes - 16)))),
    l2.set(r1),
    r2.set(l1),
    ...body({ left, right, at }),
  ]);
  return [
    own.set(i32.add(i32.add(state, i32.const(GENERATORS_BYTES)), i32.mul(colour, i32.const(planeBytes)))),
    other.set(
      i32.sub(i32.add(state, i32.const(GENERATORS_BYTES + planeBytes)), i32.mul(colour, i32.const(planeBytes))),
    ),
    forLoop(pair, 0, shape.height, 2, [
      leftRow.set(i32.add(pair, colour)),
      rightRow.set(i32.sub(i32.add(pair, i32.const(1)), colour)),
      above.set(select(i32.const(shape.height - 1), i32.sub(pair, i32.const(1)), i32.eqz(pair))),
      below.set(select(i32.const(0), i32.add(pair, i32.const(2)), i32.eq(pair, i32.const(shape.height - 2)))),
      outerLeft.set(i32.add(other, row(select(below, above, colour)))),
      outerRight.set(i32.add(other, row(select(above, below, colour)))),
      otherLeft.set(i32.add(other, row(leftRow))),
      otherRight.set(i32.add(other, row(rightRow))),
      left.own.set(i32.add(own, row(leftRow))),
      right.own.set(i32.add(own, row(rightRow))),
      ...bondsOf(left, leftRow),
      ...bondsOf(right, rightRow),
      before.set(rotated(v128.load(otherLeft, rowBytes - 16), true)),
      first.set(rotated(v128.load(otherRight), false)),
      vectors,
    ]),
  ];
}

/** A vector of 128 bits rotated by one, towards higher bits or lower ones. */
function rotated(vector: Expr<"v128">, isUp: boolean): Expr<"v128"> {
  const [main, carry] = isUp ? [i64x2.shl, i64x2.shr_u] : [i64x2.shr_u, i64x2.shl];
  const swap = [8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7];
  const carried = carry(vector, i32.const(63));
  return or(main(vector, i32.const(1)), i8x16.shuffle(carried, carried, swap));
}

/** Adds the bits of all bytes of `bytes` to the four counts of `sum`. */
function added(sum: Local<"v128">, bytes: Expr<"v128">): Statement {
  return sum.set(i32x4.add(sum, i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(bytes))));
}

function total(sum: Local<"v128">): Expr<"i32"> {
  const [a, b, c, d] = [0, 1, 2, 3].map((lane) => i32x4.extract_lane(sum, lane)) as [
    Expr<"i32">,
    Expr<"i32">,
    Expr<"i32">,
    Expr<"i32">,
  ];
  return i32.add(i32.add(a, b), i32.add(c, d));
}

/** Every bond has one end of colour 0. */
function emitUnsatisfied(
  fn: FunctionBuilder,
  program: WideProgram,
  state: Local<"i32">,
): readonly [...Statement[], Expr<"i32">] {
  const [own, sum] = fn.locals("v128", 2);
  const zero = fn.local("i32");
  const rows = emitRows(fn, program, state, zero, ({ left, right, at }) =>
    [left, right].flatMap((side) => {
      const bonds = bondsAt(side.presence, at, program.shape.isDiluted);
      const counts = side.neighbours.map((neighbour, k) => {
        const differs = xor(neighbour, own);
        return i8x16.popcnt(bonds[k] ? and(differs, bonds[k]) : differs);
      });
      return [
        own.set(v128.load(i32.add(side.own, at))),
        ...signed(program, side, at),
        added(
          sum,
          counts.reduce((x, y) => i8x16.add(x, y)),
        ),
      ];
    }),
  );
  return [...rows, total(sum)];
}

function emitUps(
  fn: FunctionBuilder,
  { shape }: WideProgram,
  state: Local<"i32">,
): readonly [...Statement[], Expr<"i32">] {
  const at = fn.local("i32");
  const sum = fn.local("v128");
  const loop = forLoop(at, 0, 32 * planeVectors(shape), 16, [
    added(sum, i8x16.popcnt(v128.load(i32.add(state, at), GENERATORS_BYTES))),
  ]);
  return [loop, total(sum)];
}
