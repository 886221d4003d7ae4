/** The module of a general graph: chains as lanes, eight (two vectors in flight) or four at a time. */
import {
  type FunctionBuilder,
  type FunctionRef,
  f32x4,
  f64x2,
  forLoop,
  i32,
  i32x4,
  i64x2,
  type Local,
  ModuleBuilder,
  type Statement,
  v128,
} from "@siegert/wasm";
import { LANES_BYTES, vectorLanes } from "../random/xoshiro.ts";
import { emitAgainst, logisticLocals } from "./logistic.ts";
import type { NodeTable } from "./node-table.ts";

/** What the code is made for. */
export interface GraphProgram {
  readonly table: NodeTable;
  /** Addresses of the table's parts, of constants of the logistic function, and of 128 bytes for sums. */
  readonly wordsAt: number;
  readonly edgesAt: number;
  readonly fieldsAt: number;
  readonly constantsAt: number;
  readonly sumsAt: number;
}

/**
 * Functions of the module; a block holds the chains of `vectors` = 1 or 2 vectors. `sums` writes, per vector, Σ J over
 * edges whose ends differ (four float64), then Σ H over nodes that are down (four more).
 */
export interface GraphExports {
  sweep1(block: number, sweeps: number): void;
  sweep2(block: number, sweeps: number): void;
  sums1(block: number): void;
  sums2(block: number): void;
}

/** Offsets in bytes within a block. */
export interface BlockLayout {
  readonly factors: number;
  readonly spins: number;
  readonly bytes: number;
}

/** Generators, factors 2β log2 e, and a mask (−1 for down) of every node and chain. */
export function blockLayout(nodes: number, vectors: number): BlockLayout {
  const factors = LANES_BYTES * vectors;
  const spins = factors + 16 * vectors;
  return { factors, spins, bytes: spins + 16 * vectors * nodes };
}

/** Describes the module; the memory is imported as env.memory. */
export function emitGraph(program: GraphProgram): ModuleBuilder {
  const module = new ModuleBuilder();
  module.memory({ minimum: 1, import: ["env", "memory"] });
  for (const vectors of [1, 2] as const) {
    const kinds = [...new Set(program.table.runs.map((run) => run.degree))];
    const updates = new Map(
      kinds.map((degree) => [
        degree,
        module.function(
          `update${vectors}of${degree ?? "any"}`,
          { params: ["i32", "i32", "i32", "i32"], results: [] },
          (fn, block, table, first, count) => emitUpdate(fn, vectors, degree, program, { block, table, first, count }),
        ),
      ]),
    );
    emitSweep(module, program, vectors, updates);
    module.function(`sums${vectors}`, { params: ["i32"], results: [], export: true }, (fn, block) =>
      emitSums(fn, program, vectors, block),
    );
  }
  return module;
}

type Update = FunctionRef<readonly ["i32", "i32", "i32", "i32"], readonly []>;

function emitSweep(
  module: ModuleBuilder,
  { table, wordsAt }: GraphProgram,
  vectors: 1 | 2,
  updates: ReadonlyMap<number | undefined, Update>,
): void {
  module.function(`sweep${vectors}`, { params: ["i32", "i32"], results: [], export: true }, (fn, block, sweeps) => [
    forLoop(
      fn.local("i32"),
      0,
      sweeps,
      1,
      table.runs.map((run) =>
        updates.get(run.degree)!(
          block,
          i32.const(wordsAt + 4 * run.table),
          i32.const(16 * vectors * run.first),
          i32.const(run.count),
        ),
      ),
    ),
  ]);
}

interface UpdateParams {
  readonly block: Local<"i32">;
  readonly table: Local<"i32">;
  /** Offset of the run's first node in the spins. */
  readonly first: Local<"i32">;
  readonly count: Local<"i32">;
}

/** All nodes of a run. */
function emitUpdate(
  fn: FunctionBuilder,
  vectors: 1 | 2,
  degree: number | undefined,
  { table: { nodeAt }, constantsAt }: GraphProgram,
  { block, table, first, count }: UpdateParams,
): Statement[] {
  const layout = blockLayout(nodeAt.length, vectors);
  const lanes = Array.from({ length: vectors }, (_, k) => vectorLanes(fn, block, k * LANES_BYTES));
  const fields = lanes.map(() => fn.local("i32x4"));
  const [k, spins, own, other, neighbour, neighbours] = fn.locals("i32", 6);
  const [coupling, unit] = fn.locals("v128", 2);
  const random = fn.local("v128");
  const logistic = logisticLocals(fn);
  const header = degree === undefined ? 12 : 8;
  const oneNeighbour = (offset: number): Statement[] => [
    other.set(i32.add(spins, vectors === 1 ? i32.load(table, offset) : i32.shl(i32.load(table, offset), i32.const(1)))),
    coupling.set(v128.load32_splat(table, offset + 4)),
    ...fields.map((field, n) => field.set(i32x4.sub(field, v128.and(coupling, v128.load(other, 16 * n))))),
  ];
  const allNeighbours: Statement[] =
    degree !== undefined
      ? Array.from({ length: degree }, (_, n) => oneNeighbour(header + 8 * n)).flat()
      : [
          neighbours.set(i32.load(table, 8)),
          forLoop(neighbour, 0, neighbours, 1, [...oneNeighbour(header), table.set(i32.add(table, i32.const(8)))]),
        ];
  const decide = fields.flatMap((field, n) => [
    ...lanes[n]!.next(random),
    ...emitAgainst(
      logistic,
      f32x4.convert_i32x4_s(i32x4.abs(field)),
      f32x4.mul(unit, v128.load(block, layout.factors + 16 * n)),
      random,
      i32.const(constantsAt),
    ),
    v128.store(own, v128.xor(i32x4.shr_s(field, i32.const(31)), logistic.power), 16 * n),
  ]);
  return [
    ...lanes.flatMap((lane) => lane.load),
    spins.set(i32.add(block, i32.const(layout.spins))),
    own.set(i32.add(spins, first)),
    forLoop(k, 0, count, 1, [
      ...fields.map((field) => field.set(v128.load32_splat(table))),
      unit.set(v128.load32_splat(table, 4)),
      ...allNeighbours,
      ...decide,
      table.set(i32.add(table, i32.const(header + 8 * (degree ?? 0)))),
      own.set(i32.add(own, i32.const(16 * vectors))),
    ]),
    ...lanes.flatMap((lane) => lane.store),
  ];
}

/** Float64 sums over what differs. */
function emitSums(
  fn: FunctionBuilder,
  { table, edgesAt, fieldsAt, sumsAt }: GraphProgram,
  vectors: 1 | 2,
  block: Local<"i32">,
): Statement[] {
  const layout = blockLayout(table.nodeAt.length, vectors);
  const [at, spins, a, b] = fn.locals("i32", 4);
  const [value, mask] = fn.locals("v128", 2);
  const edgeSums = fn.locals("f64x2", 2 * vectors) as Local<"v128">[];
  const fieldSums = fn.locals("f64x2", 2 * vectors) as Local<"v128">[];
  const end = (offset: number) =>
    i32.add(spins, vectors === 1 ? i32.load(at, offset) : i32.shl(i32.load(at, offset), i32.const(1)));
  const add = (sums: readonly Local<"v128">[], n: number): Statement[] => [
    sums[2 * n]!.set(f64x2.add(sums[2 * n]!, v128.and(value, i64x2.extend_low_i32x4_s(mask)))),
    sums[2 * n + 1]!.set(f64x2.add(sums[2 * n + 1]!, v128.and(value, i64x2.extend_high_i32x4_s(mask)))),
  ];
  const all = Array.from({ length: vectors }, (_, n) => n);
  const edges = forLoop(at, edgesAt, edgesAt + 4 * table.edges.length, 16, [
    a.set(end(0)),
    b.set(end(4)),
    value.set(v128.load64_splat(at, 8)),
    ...all.flatMap((n) => [mask.set(v128.xor(v128.load(a, 16 * n), v128.load(b, 16 * n))), ...add(edgeSums, n)]),
  ]);
  const fields = forLoop(at, fieldsAt, fieldsAt + 8 * table.fields.length, 8, [
    value.set(v128.load64_splat(at)),
    ...all.flatMap((n) => [mask.set(v128.load(spins, 16 * n)), ...add(fieldSums, n)]),
    spins.set(i32.add(spins, i32.const(16 * vectors))),
  ]);
  const store = (sums: readonly Local<"v128">[], offset: number): Statement[] =>
    sums.map((sum, n) => v128.store(i32.const(sumsAt), sum, offset + 64 * (n >> 1) + 16 * (n & 1)));
  return [
    spins.set(i32.add(block, i32.const(layout.spins))),
    edges,
    fields,
    ...store(edgeSums, 0),
    ...store(fieldSums, 32),
  ];
}
