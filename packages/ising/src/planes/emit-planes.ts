/** The module that sweeps banks of 32 replicas, bit k for replica k, four sites of a colour at a time. */
import {
  type Expr,
  type FunctionBuilder,
  type FunctionRef,
  forLoop,
  i32,
  i32x4,
  type Local,
  ModuleBuilder,
  memory,
  type Statement,
  v128,
  when,
} from "@siegert/wasm";
import { emitDigit, emitEnds, type ThresholdSource } from "../lattice/emit-bernoulli.ts";
import type { UpdateKernel } from "../lattice/rule.ts";
import { emitSite, levelsOf } from "./degree-decision.ts";
import { REGISTER, SEGMENTS } from "./shift-register.ts";
import type { SiteOrder } from "./site-order.ts";

/** Offsets in bytes within a bank: position in the register, masks of thresholds, words back of the register, spins. */
export interface BankLayout {
  readonly masks: number;
  readonly register: number;
  readonly spins: number;
  readonly bytes: number;
}

/** What the code is made for. */
export interface PlanesProgram {
  readonly order: SiteOrder;
  readonly kernel: UpdateKernel;
  readonly bits: number;
  readonly layout: BankLayout;
  /** Addresses of the tables of neighbours, of edges and of nodes. */
  readonly neighboursAt: number;
  readonly edgesAt: number;
  readonly nodesAt: number;
  /** Address of 128 bytes for counts. */
  readonly countsAt: number;
}

/** Functions of the module. */
export interface PlanesExports {
  sweep(bank: number, sweeps: number): void;
  /**
   * Counts, for at most 255 fours of pairs, how often the ends differ: byte b of vector 2s + h holds the replica 8b + s + 4h
   * of one of four lanes.
   */
  count(bank: number, table: number, fours: number): void;
}

/** Most fours of pairs that bytes can count. */
export const COUNTED = 255;
/** Levels of energy that thresholds are kept for: |h| = 1 … 6. */
export const LEVELS = 6;

/** Offsets of a bank. */
export function bankLayout(order: SiteOrder, bits: number): BankLayout {
  const masks = 16;
  const register = masks + 16 * LEVELS * (bits + 1) + 16 * bits;
  const spins = register + 4 * (REGISTER + 3);
  return { masks, register, spins, bytes: spins + 4 * (order.slots + 4) };
}

/** Describes the module; the memory is imported as env.memory. */
export function emitPlanes(program: PlanesProgram): ModuleBuilder {
  const module = new ModuleBuilder();
  module.memory({ minimum: 1, import: ["env", "memory"] });
  const refill = module.function("refill", { params: ["i32"], results: [] }, emitRefill);
  const degrees = [...new Set(program.order.runs.map((run) => run.degree))];
  const updates = new Map(
    degrees.map((degree) => [
      degree,
      module.function(
        `update${degree}`,
        { params: ["i32", "i32", "i32", "i32"], results: [] },
        (fn, bank, table, slot, fours) => emitUpdate(fn, program, degree, refill, { bank, table, slot, fours }),
      ),
    ]),
  );
  module.function("sweep", { params: ["i32", "i32"], results: [], export: true }, (fn, bank, sweeps) => [
    forLoop(
      fn.local("i32"),
      0,
      sweeps,
      1,
      program.order.runs.map((run) =>
        updates.get(run.degree)!(
          bank,
          i32.const(program.neighboursAt + 4 * run.table),
          i32.add(bank, i32.const(program.layout.spins + 4 * run.slot)),
          i32.const(run.quads),
        ),
      ),
    ),
  ]);
  module.function("count", { params: ["i32", "i32", "i32"], results: [], export: true }, (fn, bank, table, fours) =>
    emitCount(fn, program, bank, table, fours),
  );
  return module;
}

/** In place: the next words of the register. Runs are cut into fours, and what is left over into ones. */
function emitRefill(fn: FunctionBuilder, register: Local<"i32">): Statement[] {
  const [at, end] = fn.locals("i32", 2);
  return SEGMENTS.flatMap(({ from, to, taps }) => {
    const fours = (to - from) >> 2;
    const vector = taps.reduce<Expr<"v128">>(
      (sum, tap) => v128.xor(sum, v128.load(i32.add(at, i32.const(4 * tap)), 0, 4)),
      v128.load(at, 0, 4),
    );
    const word = taps.reduce<Expr<"i32">>(
      (sum, tap) => i32.xor(sum, i32.load(i32.add(at, i32.const(4 * tap)))),
      i32.load(at),
    );
    return [
      end.set(i32.add(register, i32.const(4 * from + 16 * fours))),
      forLoop(at, i32.add(register, i32.const(4 * from)), end, 16, [v128.store(at, vector, 0, 4)]),
      end.set(i32.add(register, i32.const(4 * to))),
      forLoop(at, i32.add(register, i32.const(4 * from + 16 * fours)), end, 4, [i32.store(at, word)]),
    ];
  });
}

interface UpdateParams {
  readonly bank: Local<"i32">;
  readonly table: Local<"i32">;
  readonly slot: Local<"i32">;
  readonly fours: Local<"i32">;
}

/** All sites of a run. */
function emitUpdate(
  fn: FunctionBuilder,
  { kernel, bits, layout }: PlanesProgram,
  degree: number,
  refill: FunctionRef<readonly ["i32"], readonly []>,
  { bank, table, slot, fours }: UpdateParams,
): Statement[] {
  const [k, random, register, rest, spins] = fn.locals("i32", 5);
  const [raw, own] = fn.locals("v128", 2);
  const pulls = Array.from({ length: degree }, () => fn.local("v128"));
  const planes = new Map(levelsOf(degree).map((level) => [level, fn.local("v128")] as const));
  const source: ThresholdSource = { kind: "data", pointer: bank, offset: layout.masks };
  const draws: Statement[] = [];
  for (let digit = 0; digit < bits; digit++) {
    draws.push(raw.set(v128.load(random, 16 * digit, 4)));
    for (const [level, plane] of planes) draws.push(...emitDigit(source, level - 1, digit, bits, plane, raw));
  }
  for (const [level, plane] of planes) draws.push(...emitEnds(source, level - 1, bits, plane));
  const gathers = pulls.map((pull, n) => {
    const words = [0, 1, 2, 3].reduce<Expr<"v128">>(
      (vector, lane) => v128.load32_lane(i32.add(spins, i32.load(table, 32 * n + 4 * lane)), vector, lane),
      i32x4.const(0),
    );
    return pull.set(v128.xor(words, v128.load(table, 32 * n + 16)));
  });
  return [
    register.set(i32.add(bank, i32.const(layout.register))),
    spins.set(i32.add(bank, i32.const(layout.spins))),
    random.set(i32.add(register, i32.shl(i32.load(bank), i32.const(2)))),
    forLoop(k, 0, fours, 1, [
      rest.set(i32.sub(i32.add(register, i32.const(4 * REGISTER)), random)),
      when(i32.lt_s(rest, i32.const(16 * bits)), [
        // What is left is moved before the register, so that words are used without a gap.
        memory.copy(i32.sub(register, rest), random, rest),
        refill(register),
        random.set(i32.sub(register, rest)),
      ]),
      ...draws,
      ...gathers,
      ...(kernel === "metropolis" ? [own.set(v128.load(slot))] : []),
      ...emitSite(fn, kernel, { pulls, own, planes, raw }, own),
      v128.store(slot, own),
      random.set(i32.add(random, i32.const(16 * bits))),
      table.set(i32.add(table, i32.const(32 * degree))),
      slot.set(i32.add(slot, i32.const(16))),
    ]),
    i32.store(bank, i32.shr_s(i32.sub(random, register), i32.const(2))),
  ];
}

/** Sums bits of pairs that differ: in fields of 4 bits for 15 rounds, then in bytes. */
function emitCount(
  fn: FunctionBuilder,
  { layout, countsAt }: PlanesProgram,
  bank: Local<"i32">,
  table: Local<"i32">,
  fours: Local<"i32">,
): Statement[] {
  const [k, spins, rounds] = fn.locals("i32", 3);
  const differs = fn.local("v128");
  const nibbles = fn.locals("i32x4", 4) as Local<"v128">[];
  const bytes = fn.locals("i32x4", 8) as Local<"v128">[];
  const ends = (offset: number) =>
    [0, 1, 2, 3].reduce<Expr<"v128">>(
      (vector, lane) => v128.load32_lane(i32.add(spins, i32.load(table, offset + 4 * lane)), vector, lane),
      i32x4.const(0),
    );
  const flush = nibbles.flatMap((nibble, s) => [
    bytes[2 * s]!.set(i32x4.add(bytes[2 * s]!, v128.and(nibble, i32x4.const(0x0f0f0f0f)))),
    bytes[2 * s + 1]!.set(
      i32x4.add(bytes[2 * s + 1]!, v128.and(i32x4.shr_u(nibble, i32.const(4)), i32x4.const(0x0f0f0f0f))),
    ),
    nibble.set(i32x4.const(0)),
  ]);
  return [
    spins.set(i32.add(bank, i32.const(layout.spins))),
    forLoop(k, 0, fours, 1, [
      differs.set(v128.xor(v128.xor(ends(0), ends(16)), v128.load(table, 32))),
      ...nibbles.map((nibble, s) =>
        nibble.set(i32x4.add(nibble, v128.and(i32x4.shr_u(differs, i32.const(s)), i32x4.const(0x11111111)))),
      ),
      table.set(i32.add(table, i32.const(48))),
      rounds.set(i32.add(rounds, i32.const(1))),
      when(i32.eq(rounds, i32.const(15)), [...flush, rounds.set(i32.const(0))]),
    ]),
    ...flush,
    ...bytes.map((vector, n) => v128.store(i32.const(countsAt), vector, 16 * n)),
  ];
}
