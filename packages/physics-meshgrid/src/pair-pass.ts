import type { AngleData } from "./angle-data.ts";
import type { Arena } from "./arena.ts";
import { CorrelationRows, firstColumn } from "./correlation-rows.ts";
import type { JacobianKernels } from "./jacobian-rows.ts";
import { applyLoss, type Loss, lossCost } from "./loss.ts";
import { createBasis, type PairBasis, type SeparableModel } from "./separable-model.ts";
import { clearPadding, productSize, type SymmetricProduct } from "./symmetric-product.ts";
import type { TangentTable } from "./tangent-table.ts";
import type { Tile, TileLayout } from "./tile-layout.ts";

/** What a pass needs to know of the angle that the model is set to. */
export interface AngleState {
  readonly angle: number;
  readonly contrast: number;
  readonly offset: number;
  readonly kappa: number;
  readonly kappaByPhi0: number;
}

/** What the passes work on and with. */
export interface Workspace {
  readonly separable: SeparableModel;
  readonly data: readonly AngleData[];
  readonly arena: Arena;
  readonly multiply: SymmetricProduct;
  readonly jacobian: JacobianKernels;
  readonly tangents: TangentTable;
}

/**
 * Passes over the pairs of an angle that look at each residual and each row of the Jacobian: for weights, robust losses
 * and models of infinite rank. One row of a tile is held at a time, never the Jacobian.
 */
export class PairPass {
  /** Parameters that act on one angle: the physical ones, its contrast and its offset. */
  readonly parameters: number;
  readonly #layout: TileLayout;
  readonly #separable: SeparableModel;
  readonly #angles: readonly AngleData[];
  readonly #rows: CorrelationRows;
  readonly #jacobian: JacobianKernels;
  readonly #tangents: TangentTable;
  readonly #basis: PairBasis;
  readonly #multiply: SymmetricProduct;
  readonly #stride: number;
  /** `parameters` rounded up, with rows of zeros. */
  readonly #size: number;
  readonly #panel: Float64Array;
  readonly #product: Float64Array;
  /** J̃ᵀr̃. */
  readonly #projection: Float64Array;
  /** Scores per frame. */
  readonly #frames: Float64Array;
  readonly #residuals: Float64Array;
  readonly #factors: Float64Array;

  constructor(layout: TileLayout, { separable, data, arena, multiply, jacobian, tangents }: Workspace) {
    this.parameters = tangents.roles.length + 2;
    this.#jacobian = jacobian;
    this.#tangents = tangents;
    this.#layout = layout;
    this.#separable = separable;
    this.#angles = data;
    this.#multiply = multiply;
    this.#rows = new CorrelationRows(separable, layout.tileSize);
    this.#basis = createBasis(layout.tileSize, arena);
    this.#stride = layout.tileSize + (layout.tileSize & 1);
    this.#size = productSize(this.parameters);
    this.#panel = arena.allocate(this.#size * this.#stride + 2);
    this.#projection = arena.allocate(this.#size);
    this.#product = arena.allocate(this.#size * this.#size);
    this.#frames = arena.allocate(this.#size * layout.padded);
    this.#residuals = arena.allocate(this.#stride + 2);
    this.#factors = arena.allocate(this.#stride + 2);
  }

  /** ½ scale² Σ ρ of one angle. */
  cost(state: AngleState, loss: Loss): number {
    let total = 0;
    for (const tile of this.#layout.tiles) {
      this.#separable.setTile(tile);
      for (let r = 0; r < tile.rows; r++) {
        const start = firstColumn(tile, r);
        this.#rows.values(tile, r, start, this.#residuals);
        this.#finishResiduals(state, tile, r, start, this.#residuals);
        total += lossCost(loss, this.#residuals, start, tile.columns - start);
      }
    }
    return total;
  }

  /**
   * ½ scale² Σ ρ of one angle; adds J̃ᵀJ̃ (lower triangle, row-major parameters × parameters) and J̃ᵀr̃.
   */
  normalEquations(state: AngleState, loss: Loss, jtj: Float64Array, jtr: Float64Array): number {
    this.#product.fill(0);
    this.#projection.fill(0);
    let total = 0;
    for (const tile of this.#layout.tiles) {
      this.#separable.setTile(tile);
      for (let r = 0; r < tile.rows; r++) {
        const start = firstColumn(tile, r);
        if (start >= tile.columns) continue;
        total += this.#fillRow(state, loss, tile, r, start);
        this.#multiply(this.#panel, this.#size, this.#stride, start, tile.columns, this.#product);
        const { parameters } = this;
        this.#jacobian.project(
          this.#panel,
          parameters,
          this.#stride,
          start,
          tile.columns,
          this.#residuals,
          this.#projection,
        );
      }
    }
    this.#addProduct(jtj);
    for (let p = 0; p < this.parameters; p++) jtr[p]! += this.#projection[p]!;
    return total;
  }

  #addProduct(out: Float64Array): void {
    const n = this.parameters;
    for (let p = 0; p < n; p++) {
      for (let q = 0; q <= p; q++) out[p * n + q]! += this.#product[p * this.#size + q]!;
    }
  }

  /**
   * Adds the meat of the sandwich for pairs that depend on each other when they share a frame (dyadic clustering:
   * Aronow, Samii & Assenova 2015, Political Analysis 23, 564): Σ_f s_f s_fᵀ − Σ_pairs s s ᵀ, with s the gradient of the
   * cost of a pair and s_f the sum over the pairs of frame f. Lower triangle, row-major parameters × parameters.
   */
  scores(state: AngleState, loss: Loss, out: Float64Array): void {
    const { padded, count } = this.#layout;
    const frames = this.#frames.fill(0);
    this.#product.fill(0);
    for (const tile of this.#layout.tiles) {
      this.#separable.setTile(tile);
      for (let r = 0; r < tile.rows; r++) {
        const start = firstColumn(tile, r);
        if (start >= tile.columns) continue;
        this.#fillRow(state, loss, tile, r, start);
        this.#gatherScores(tile, r, start, frames);
        this.#multiply(this.#panel, this.#size, this.#stride, start, tile.columns, this.#product);
      }
    }
    for (let k = 0; k < this.#product.length; k++) this.#product[k] = -this.#product[k]!;
    this.#multiply(frames, this.#size, padded, 0, count, this.#product);
    this.#addProduct(out);
  }

  /** Multiplies the panel by r̃, which makes it the scores, and adds them to their two frames. */
  #gatherScores(tile: Tile, r: number, start: number, frames: Float64Array): void {
    const panel = this.#panel;
    const residuals = this.#residuals;
    const { padded } = this.#layout;
    for (let p = 0; p < this.parameters; p++) {
      const from = p * this.#stride;
      const to = p * padded + tile.column;
      let sum = 0;
      for (let c = start; c < tile.columns; c++) {
        const score = panel[from + c]! * residuals[c]!;
        panel[from + c] = score;
        frames[to + c]! += score;
        sum += score;
      }
      frames[p * padded + tile.row + r]! += sum;
    }
  }

  /** Residuals r̃ and rows of J̃ of one row of a tile; returns its part of the cost. */
  #fillRow(state: AngleState, loss: Loss, tile: Tile, r: number, start: number): number {
    const basis = this.#basis;
    const residuals = this.#residuals;
    const factors = this.#factors;
    const end = tile.columns;
    this.#rows.basis(tile, r, start, basis);
    for (let c = start; c < end; c++) residuals[c] = basis.value[c]!;
    this.#finishResiduals(state, tile, r, start, residuals);
    const cost = applyLoss(loss, residuals, factors, start, end - start);
    // The row that the residuals were made from.
    const { rowWeights: weights, from } = this.#angles[state.angle]!;
    if (weights !== undefined) {
      for (let c = start; c < end; c++) factors[c]! *= Math.sqrt(weights[from + c]!);
    }
    this.#writeJacobian(state, tile, r, start);
    return cost;
  }

  #writeJacobian({ contrast, kappa, kappaByPhi0 }: AngleState, tile: Tile, r: number, start: number): void {
    const { column, columns: end } = tile;
    const out = this.#panel;
    const stride = this.#stride;
    const [basis, factors, row] = [this.#basis, this.#factors, tile.row + r];
    this.#jacobian.write(this.#tangents, {
      basis,
      row,
      column,
      start,
      end,
      contrast,
      kappa,
      kappaByPhi0,
      factors,
      out,
      stride,
      at: 0,
    });
    clearPadding(out, this.parameters, stride, start, end);
    clearPadding(this.#residuals, 1, stride, start, end);
  }

  /** Turns M into √w (offset + contrast M − data). */
  #finishResiduals(
    { angle, contrast, offset }: AngleState,
    tile: Tile,
    r: number,
    start: number,
    row: Float64Array,
  ): void {
    const own = this.#angles[angle]!;
    own.read(tile, r, start);
    const { rowData: data, rowWeights: weights, from } = own;
    for (let c = start; c < tile.columns; c++) row[c] = contrast * row[c]! + (offset - data[from + c]!);
    if (weights === undefined) return;
    for (let c = start; c < tile.columns; c++) row[c]! *= Math.sqrt(weights[from + c]!);
  }

  /** Writes residuals of one angle at `out[start + …]`, pairs in the order (i, j > i). */
  residuals(state: AngleState, out: Float64Array, start: number): void {
    for (const tile of this.#layout.tiles) {
      this.#separable.setTile(tile);
      for (let r = 0; r < tile.rows; r++) {
        const from = firstColumn(tile, r);
        this.#rows.values(tile, r, from, this.#residuals);
        this.#finishResiduals(state, tile, r, from, this.#residuals);
        const to = start + this.#pairIndex(tile.row + r, tile.column);
        for (let c = from; c < tile.columns; c++) out[to + c] = this.#residuals[c]!;
      }
    }
  }

  /** Writes rows of the Jacobian of the residuals; `columns` is their length and `scaling` where contrast stands. */
  jacobian(state: AngleState, out: Float64Array, start: number, columns: number, scaling: number): void {
    const physical = this.parameters - 2;
    for (const tile of this.#layout.tiles) {
      this.#separable.setTile(tile);
      for (let r = 0; r < tile.rows; r++) {
        const from = firstColumn(tile, r);
        this.#fillRow(state, LINEAR, tile, r, from);
        const row = start + this.#pairIndex(tile.row + r, tile.column);
        for (let p = 0; p < this.parameters; p++) {
          const to = p < physical ? p : scaling + p - physical;
          for (let c = from; c < tile.columns; c++) out[(row + c) * columns + to] = this.#panel[p * this.#stride + c]!;
        }
      }
    }
  }

  /** Position of the pair (i, j) among all pairs of an angle; j may lie before i + 1 when an offset follows. */
  #pairIndex(i: number, j: number): number {
    return i * this.#layout.count - (i * (i + 1)) / 2 + (j - i - 1);
  }
}

const LINEAR: Loss = { name: "linear", scale: 1 };
