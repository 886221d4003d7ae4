import {
  br_if,
  type FunctionBuilder,
  f64,
  f64x2,
  forLoop,
  i32,
  type Local,
  loop,
  type ModuleBuilder,
  type Statement,
  select,
  when,
} from "@siegert/wasm";
import {
  accumulate,
  clear,
  componentAddress,
  counted,
  lanes,
  nameArguments,
  pairedStart,
  sum,
  TILE_PARAMETERS,
  type TileArguments,
} from "./tile-kernel.ts";

/** Which of the kernels of a model. */
export interface KernelShape {
  /** 1 (static) or 4 (two components) factors per frame. */
  readonly components: 1 | 4;
  readonly hasWeights: boolean;
  /** Also the sums of the gradient. */
  readonly hasGradient: boolean;
}

/** Rows taken at once, as the order of the data has it: each load of column factors and column sums then serves two rows. */
const ROWS = 2;

/** Where kept residuals begin, in bytes after the results. */
const KEPT = 64;

/** What belongs to one of the rows that are taken at once. */
interface Row {
  /** Where weighted residuals are kept for the second loop. */
  readonly kept: Local<"i32">;
  /** contrast × row factors in the frame of reference of the tile's columns, in both lanes. */
  readonly factors: Local<"v128">[];
  /** Σ weight residual × column factors. */
  readonly sums: Local<"v128">[];
  readonly residual: Local<"v128">;
  readonly weighted: Local<"v128">;
}

/**
 * The loop over a tile where M has finite rank: data are streamed once, two rows and two columns at a time. Column sums
 * carry the contrast, row sums do not.
 */
export function addFiniteRankKernel(module: ModuleBuilder, name: string, shape: KernelShape): void {
  module.function(name, { params: TILE_PARAMETERS, results: [], export: true }, (fn, ...locals) => {
    const args = nameArguments(locals);
    const kernel = new FiniteRankKernel(fn, args, shape);
    return kernel.body();
  });
}

class FiniteRankKernel {
  readonly #args: TileArguments;
  readonly #shape: KernelShape;
  readonly #fn: FunctionBuilder;
  readonly #rows: readonly Row[];
  /** Data and weights of the two rows: see `AngleData` for their order. */
  readonly #data: Local<"i32">;
  readonly #weight: Local<"i32">;
  readonly #columns: Local<"i32">[];
  readonly #columnSums: Local<"i32">[];
  readonly #loaded: Local<"v128">[];
  readonly #offset: Local<"v128">;
  readonly #squares: Local<"v128">;
  readonly #total: Local<"v128">;
  readonly #row: Local<"i32">;
  readonly #start: Local<"i32">;
  readonly #end: Local<"i32">;
  readonly #scratch: Local<"f64">[];

  constructor(fn: FunctionBuilder, args: TileArguments, shape: KernelShape) {
    this.#fn = fn;
    this.#args = args;
    this.#shape = shape;
    const { components } = shape;
    this.#rows = Array.from({ length: ROWS }, () => ({
      kept: fn.local("i32"),
      factors: fn.locals("v128", components),
      sums: fn.locals("v128", components),
      residual: fn.local("v128"),
      weighted: fn.local("v128"),
    }));
    this.#data = fn.local("i32");
    this.#weight = fn.local("i32");
    this.#columns = fn.locals("i32", components);
    this.#columnSums = fn.locals("i32", components);
    this.#loaded = fn.locals("v128", components);
    [this.#offset, this.#squares, this.#total] = fn.locals("v128", 3) as [Local<"v128">, Local<"v128">, Local<"v128">];
    [this.#row, this.#start, this.#end] = fn.locals("i32", 3) as [Local<"i32">, Local<"i32">, Local<"i32">];
    this.#scratch = fn.locals("f64", components);
  }

  /** Four components need more registers than there are: rows are then summed in a loop of their own. */
  get #isSplit(): boolean {
    return this.#shape.hasGradient && this.#shape.components > 1;
  }

  body(): Statement[] {
    const { rows, columns, isDiagonal, offset, results, column } = this.#args;
    const end = this.#end;
    return [
      this.#offset.set(f64x2.splat(offset)),
      end.set(i32.add(column, columns)),
      forLoop(this.#row, i32.const(0), rows, 8 * ROWS, [
        this.#start.set(select(this.#row, i32.const(0), isDiagonal)),
        ...this.#begin(),
        // Weights leave out what does not count by themselves.
        ...(this.#shape.hasWeights ? [] : [when(isDiagonal, this.#step(true))]),
        when(i32.lt_u(this.#columns[0]!, end), [
          loop((again) => [...this.#step(false), br_if(again, i32.lt_u(this.#columns[0]!, end))]),
        ]),
        ...(this.#isSplit ? this.#sumRows() : []),
        ...(this.#shape.hasGradient ? this.#finish() : []),
      ]),
      accumulate(results, lanes(this.#squares)),
      accumulate(results, lanes(this.#total), 8),
    ];
  }

  /** Addresses and factors of the rows, and the column at which they begin. */
  #begin(): Statement[] {
    const { data, weights, column, columnSums, component, stride } = this.#args;
    const { components, hasGradient, hasWeights } = this.#shape;
    const statements: Statement[] = [];
    for (let k = 0; k < components; k++) {
      statements.push(this.#columns[k]!.set(i32.add(componentAddress(column, component, k), this.#start)));
      if (!hasGradient) continue;
      statements.push(this.#columnSums[k]!.set(i32.add(componentAddress(columnSums, component, k), this.#start)));
    }
    statements.push(this.#data.set(i32.add(data, pairedStart(this.#row, this.#start, stride))));
    if (hasWeights) statements.push(this.#weight.set(i32.add(weights, pairedStart(this.#row, this.#start, stride))));
    for (const [r, row] of this.#rows.entries()) {
      statements.push(...this.#turn(row, r));
      if (hasGradient) {
        const kept = i32.add(this.#args.results, i32.mul(this.#args.columns, i32.const(r)));
        statements.push(row.kept.set(kept), ...clear(row.sums));
      }
    }
    return statements;
  }

  /** Loads the factors of a row, turned into the frame of reference of the columns. */
  #turn(row: Row, r: number): Statement[] {
    const { row: base, component, contrast, factors } = this.#args;
    const [a, b, cos, sin] = factors as [Local<"f64">, Local<"f64">, Local<"f64">, Local<"f64">];
    const scratch = this.#scratch;
    const load = scratch.map((local, k) =>
      local.set(f64.mul(contrast, f64.load(i32.add(componentAddress(base, component, k), this.#row), 8 * r))),
    );
    if (this.#shape.components === 1) {
      return [...load, row.factors[0]!.set(f64x2.splat(f64.mul(scratch[0]!, a)))];
    }
    const [x, y] = [scratch[2]!, scratch[3]!];
    return [
      ...load,
      row.factors[0]!.set(f64x2.splat(f64.mul(scratch[0]!, a))),
      row.factors[1]!.set(f64x2.splat(f64.mul(scratch[1]!, b))),
      row.factors[2]!.set(f64x2.splat(f64.add(f64.mul(x, cos), f64.mul(y, sin)))),
      row.factors[3]!.set(f64x2.splat(f64.sub(f64.mul(y, cos), f64.mul(x, sin)))),
    ];
  }

  /** Two columns of all rows. */
  #step(isFirst: boolean): Statement[] {
    const { components, hasGradient } = this.#shape;
    const statements: Statement[] = this.#loaded.map((local, k) => local.set(f64x2.load(this.#columns[k]!, 0, 8)));
    for (const [r, row] of this.#rows.entries()) statements.push(...this.#residual(row, r, isFirst));
    if (hasGradient) {
      for (let k = 0; k < components; k++) {
        const parts = this.#rows.map((row) => f64x2.mul(row.weighted, row.factors[k]!));
        const pointer = this.#columnSums[k]!;
        statements.push(f64x2.store(pointer, f64x2.add(f64x2.load(pointer, 0, 8), sum(parts)), 0, 8));
        if (this.#isSplit) continue;
        for (const row of this.#rows) statements.push(this.#addToRow(row, k));
      }
      if (this.#isSplit) for (const row of this.#rows) statements.push(f64x2.store(row.kept, row.weighted, KEPT, 8));
    }
    const advance = [
      ...this.#columns,
      ...(hasGradient ? this.#columnSums : []),
      ...(this.#isSplit ? this.#rows.map((r) => r.kept) : []),
    ];
    for (const pointer of advance) statements.push(pointer.set(i32.add(pointer, i32.const(16))));
    statements.push(this.#data.set(i32.add(this.#data, i32.const(16 * ROWS))));
    if (this.#shape.hasWeights) statements.push(this.#weight.set(i32.add(this.#weight, i32.const(16 * ROWS))));
    return statements;
  }

  /** Second loop: sums of the rows, from the residuals that the first one kept; apart, both fit the registers. */
  #sumRows(): Statement[] {
    const { components } = this.#shape;
    const { column, component, columns, results } = this.#args;
    const rewind: Statement[] = [];
    for (let k = 0; k < components; k++) {
      rewind.push(this.#columns[k]!.set(i32.add(componentAddress(column, component, k), this.#start)));
    }
    for (const [r, row] of this.#rows.entries()) {
      rewind.push(row.kept.set(i32.add(results, i32.mul(columns, i32.const(r)))));
    }
    const step: Statement[] = this.#loaded.map((local, k) => local.set(f64x2.load(this.#columns[k]!, 0, 8)));
    for (const row of this.#rows) {
      step.push(row.weighted.set(f64x2.load(row.kept, KEPT, 8)));
      for (let k = 0; k < components; k++) step.push(this.#addToRow(row, k));
    }
    for (const pointer of [...this.#columns, ...this.#rows.map((row) => row.kept)]) {
      step.push(pointer.set(i32.add(pointer, i32.const(16))));
    }
    const isBelow = i32.lt_u(this.#columns[0]!, this.#end);
    return [...rewind, when(isBelow, [loop((again) => [...step, br_if(again, isBelow)])])];
  }

  #addToRow(row: Row, k: number): Statement {
    return row.sums[k]!.set(f64x2.add(row.sums[k]!, f64x2.mul(row.weighted, this.#loaded[k]!)));
  }

  /** Residual, weighted residual, and their sums. */
  #residual(row: Row, r: number, isFirst: boolean): Statement[] {
    const products = row.factors.map((factor, k) => f64x2.mul(factor, this.#loaded[k]!));
    const rest = f64x2.sub(this.#offset, f64x2.load(this.#data, 16 * r, 8));
    const weighted = this.#shape.hasWeights
      ? f64x2.mul(row.residual, f64x2.load(this.#weight, 16 * r, 8))
      : row.residual;
    return [
      row.residual.set(counted(f64x2.add(sum(products), rest), r, isFirst)),
      row.weighted.set(weighted),
      this.#squares.set(f64x2.add(this.#squares, f64x2.mul(row.weighted, row.residual))),
      this.#total.set(f64x2.add(this.#total, row.weighted)),
    ];
  }

  /** Turns the sums of the rows back and adds them to those in memory. */
  #finish(): Statement[] {
    const { rowSums, component, factors } = this.#args;
    const [a, b, cos, sin] = factors as [Local<"f64">, Local<"f64">, Local<"f64">, Local<"f64">];
    const address = this.#fn.local("i32");
    const scratch = this.#scratch;
    return this.#rows.flatMap((row, r) => {
      const at = (k: number) => address.set(i32.add(componentAddress(rowSums, component, k), this.#row));
      const load = scratch.map((local, k) => local.set(lanes(row.sums[k]!)));
      const straight = [at(0), accumulate(address, f64.mul(scratch[0]!, a), 8 * r)];
      if (this.#shape.components === 1) return [...load, ...straight];
      const [x, y] = [scratch[2]!, scratch[3]!];
      return [
        ...load,
        ...straight,
        at(1),
        accumulate(address, f64.mul(scratch[1]!, b), 8 * r),
        at(2),
        accumulate(address, f64.sub(f64.mul(x, cos), f64.mul(y, sin)), 8 * r),
        at(3),
        accumulate(address, f64.add(f64.mul(x, sin), f64.mul(y, cos)), 8 * r),
      ];
    });
  }
}
