import {
  br_if,
  type Expr,
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
import type { GramRow } from "./gram-row.ts";
import {
  ANGLE,
  COS,
  type CorrelationRow,
  type CorrelationScratch,
  correlation,
  DECAY,
  SIN,
} from "./laminar-correlation.ts";
import {
  accumulate,
  clear,
  componentAddress,
  counted,
  GRAM_PARAMETERS,
  lanes,
  nameArguments,
  pairedStart,
  sum,
  TILE_PARAMETERS,
  type TileArguments,
} from "./tile-kernel.ts";

/** Which of the kernels for shear flow. */
export interface LaminarShape {
  /** Power of sin Φ/Φ. */
  readonly power: 2 | 4;
  readonly hasWeights: boolean;
  readonly hasGradient: boolean;
  /** Also the sums of JᵀJ; only with `hasGradient`. Weights must be 0 or 1 then. */
  readonly gramRow?: GramRow | undefined;
}

const ROWS = 2;

/** Where kept values begin, in bytes after the results. */
const KEPT = 64;

interface Row extends CorrelationRow {
  /** Σ weight residual M and Σ weight residual ∂M/∂Φ. */
  readonly sums: Local<"v128">[];
  readonly residual: Local<"v128">;
  /** Where M and ∂M/∂Φ are kept for JᵀJ. */
  readonly kept: Local<"i32">[];
}

/** The loop over a tile for M = decay × (sin Φ/Φ)^p, two rows and two columns at a time. No sum carries the contrast. */
export function addLaminarKernel(module: ModuleBuilder, name: string, shape: LaminarShape): void {
  const params = shape.gramRow ? GRAM_PARAMETERS : TILE_PARAMETERS;
  module.function(name, { params, results: [], export: true }, (fn, ...locals) =>
    new LaminarKernel(fn, nameArguments(locals), shape).body(),
  );
}

class LaminarKernel {
  readonly #args: TileArguments;
  readonly #shape: LaminarShape;
  readonly #rows: readonly Row[];
  /** Data and weights of the two rows: see `AngleData` for their order. */
  readonly #data: Local<"i32">;
  readonly #weight: Local<"i32">;
  readonly #columns: Local<"i32">[];
  readonly #columnSums: Local<"i32">[];
  readonly #loaded: Local<"v128">[];
  readonly #vectors: CorrelationScratch & Record<"offset" | "contrast" | "squares" | "total", Local<"v128">>;
  readonly #row: Local<"i32">;
  readonly #start: Local<"i32">;
  readonly #end: Local<"i32">;
  readonly #address: Local<"i32">;

  constructor(fn: FunctionBuilder, args: TileArguments, shape: LaminarShape) {
    this.#args = args;
    this.#shape = shape;
    const vector = () => fn.local("v128");
    this.#rows = Array.from({ length: ROWS }, () => ({
      factors: fn.locals("v128", 4),
      sums: fn.locals("v128", 2),
      value: vector(),
      slope: vector(),
      residual: vector(),
      kept: fn.locals("i32", shape.gramRow ? 2 : 0),
    }));
    this.#data = fn.local("i32");
    this.#weight = fn.local("i32");
    this.#columns = fn.locals("i32", 4);
    this.#columnSums = fn.locals("i32", 2);
    this.#loaded = fn.locals("v128", 4);
    this.#vectors = {
      offset: vector(),
      contrast: vector(),
      squares: vector(),
      total: vector(),
      phase: vector(),
      inverse: vector(),
      small: vector(),
      sinc: vector(),
      square: vector(),
    };
    this.#row = fn.local("i32");
    this.#start = fn.local("i32");
    this.#end = fn.local("i32");
    this.#address = fn.local("i32");
  }

  body(): Statement[] {
    const { rows, columns, isDiagonal, offset, contrast, results, column } = this.#args;
    const end = this.#end;
    const { squares, total } = this.#vectors;
    return [
      this.#vectors.offset.set(f64x2.splat(offset)),
      this.#vectors.contrast.set(f64x2.splat(contrast)),
      end.set(i32.add(column, columns)),
      forLoop(this.#row, i32.const(0), rows, 8 * ROWS, [
        this.#start.set(select(this.#row, i32.const(0), isDiagonal)),
        ...this.#begin(),
        // Weights leave out what does not count by themselves.
        ...(this.#shape.hasWeights ? [] : [when(isDiagonal, this.#step(true))]),
        when(i32.lt_u(this.#columns[0]!, end), [
          loop((again) => [...this.#step(false), br_if(again, i32.lt_u(this.#columns[0]!, end))]),
        ]),
        ...(this.#shape.hasGradient ? this.#finish() : []),
        ...this.#addGram(),
      ]),
      accumulate(results, lanes(squares)),
      accumulate(results, lanes(total), 8),
    ];
  }

  #begin(): Statement[] {
    const { data, weights, column, columnSums, component, stride } = this.#args;
    const { hasGradient, hasWeights } = this.#shape;
    const statements = this.#columns.map((pointer, k) =>
      pointer.set(i32.add(componentAddress(column, component, k), this.#start)),
    );
    if (hasGradient) {
      for (const [k, pointer] of this.#columnSums.entries()) {
        statements.push(pointer.set(i32.add(componentAddress(columnSums, component, k), this.#start)));
      }
    }
    statements.push(this.#data.set(i32.add(data, pairedStart(this.#row, this.#start, stride))));
    if (hasWeights) statements.push(this.#weight.set(i32.add(weights, pairedStart(this.#row, this.#start, stride))));
    for (const [r, row] of this.#rows.entries()) {
      statements.push(...this.#turn(row, r), ...clear(row.sums));
      row.kept.forEach((pointer, k) => {
        statements.push(pointer.set(this.#keptAt(r, k)));
      });
    }
    return statements;
  }

  /** Where row r keeps its values (k = 0) or slopes (k = 1). */
  #keptAt(r: number, k: number): Expr<"i32"> {
    const { results, columns } = this.#args;
    return i32.add(i32.add(results, i32.const(KEPT)), i32.mul(columns, i32.const(2 * r + k)));
  }

  /** Adds the rows to the sums of JᵀJ. */
  #addGram(): Statement[] {
    const { gramRow } = this.#shape;
    if (gramRow === undefined) return [];
    const { columns, component, gram } = this.#args;
    const [centred, columnSums, row, first, sums] = gram;
    return this.#rows.map((_, r) =>
      gramRow(
        this.#keptAt(r, 0),
        this.#keptAt(r, 1),
        i32.sub(columns, this.#start),
        i32.add(centred!, this.#start),
        i32.add(columnSums!, this.#start),
        component,
        i32.add(row!, i32.add(this.#row, i32.const(8 * r))),
        first!,
        sums!,
      ),
    );
  }

  /** Factors of a row; its phase is counted from the first column of the tile. */
  #turn(row: Row, r: number): Statement[] {
    const { row: base, component, factors } = this.#args;
    const [decay, cos, sin, phase] = factors as [Local<"f64">, Local<"f64">, Local<"f64">, Local<"f64">];
    const load = (k: number) => f64.load(i32.add(componentAddress(base, component, k), this.#row), 8 * r);
    return [
      row.factors[DECAY]!.set(f64x2.splat(f64.mul(load(DECAY), decay))),
      row.factors[COS]!.set(f64x2.splat(f64.add(f64.mul(load(COS), cos), f64.mul(load(SIN), sin)))),
      row.factors[SIN]!.set(f64x2.splat(f64.sub(f64.mul(load(SIN), cos), f64.mul(load(COS), sin)))),
      row.factors[ANGLE]!.set(f64x2.splat(f64.sub(load(ANGLE), phase))),
    ];
  }

  #step(isFirst: boolean): Statement[] {
    const { hasGradient, hasWeights } = this.#shape;
    const statements: Statement[] = this.#loaded.map((local, k) => local.set(f64x2.load(this.#columns[k]!, 0, 8)));
    for (const [r, row] of this.#rows.entries()) {
      statements.push(
        ...correlation(this.#vectors, this.#loaded, row, this.#shape),
        ...this.#residual(row, r, isFirst),
      );
    }
    if (hasGradient) {
      const [values, slopes] = this.#columnSums as [Local<"i32">, Local<"i32">];
      const add = (pointer: Local<"i32">, parts: readonly Expr<"v128">[]) =>
        f64x2.store(pointer, f64x2.add(f64x2.load(pointer, 0, 8), sum(parts)), 0, 8);
      statements.push(
        add(
          values,
          this.#rows.map((row) => row.value),
        ),
        add(
          slopes,
          this.#rows.map((row) => row.slope),
        ),
      );
    }
    const advance = [...this.#columns, ...(hasGradient ? this.#columnSums : [])];
    for (const { kept } of this.#rows) advance.push(...kept);
    for (const pointer of advance) statements.push(pointer.set(i32.add(pointer, i32.const(16))));
    for (const pointer of hasWeights ? [this.#data, this.#weight] : [this.#data]) {
      statements.push(pointer.set(i32.add(pointer, i32.const(16 * ROWS))));
    }
    return statements;
  }

  /** Residual and its sums; leaves weight residual M and weight residual ∂M/∂Φ in `value` and `slope`. */
  #residual(row: Row, r: number, isFirst: boolean): Statement[] {
    const { offset, contrast, squares, total, sinc } = this.#vectors;
    const { hasGradient, hasWeights } = this.#shape;
    const rest = f64x2.sub(offset, f64x2.load(this.#data, 16 * r, 8));
    const weighted = sinc;
    const statements = [
      row.residual.set(counted(f64x2.add(f64x2.mul(contrast, row.value), rest), r, isFirst)),
      weighted.set(hasWeights ? f64x2.mul(row.residual, f64x2.load(this.#weight, 16 * r, 8)) : row.residual),
      squares.set(f64x2.add(squares, f64x2.mul(weighted, row.residual))),
      total.set(f64x2.add(total, weighted)),
    ];
    if (!hasGradient) return statements;
    return [
      ...statements,
      ...row.kept.map((pointer, k) =>
        f64x2.store(pointer, this.#masked(r, k === 0 ? row.value : row.slope, isFirst), 0, 8),
      ),
      row.value.set(f64x2.mul(row.value, weighted)),
      row.slope.set(f64x2.mul(row.slope, weighted)),
      row.sums[0]!.set(f64x2.add(row.sums[0]!, row.value)),
      row.sums[1]!.set(f64x2.add(row.sums[1]!, row.slope)),
    ];
  }

  #masked(r: number, value: Local<"v128">, isFirst: boolean): Expr<"v128"> {
    if (this.#shape.hasWeights) return f64x2.mul(value, f64x2.load(this.#weight, 16 * r, 8));
    return counted(value, r, isFirst);
  }

  #finish(): Statement[] {
    const { rowSums, component } = this.#args;
    return this.#rows.flatMap((row, r) =>
      row.sums.flatMap((vector, k) => [
        this.#address.set(i32.add(componentAddress(rowSums, component, k), this.#row)),
        accumulate(this.#address, lanes(vector), 8 * r),
      ]),
    );
  }
}
