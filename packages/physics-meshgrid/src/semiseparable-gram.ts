import type { ChannelGrid, Experiment, Model } from "@siegert/physics-core";
import type { Arena } from "./arena.ts";
import { BlockVectors, type Join } from "./block-vectors.ts";
import { CorrelationRows } from "./correlation-rows.ts";
import { createSeparable } from "./create-separable.ts";
import { planVectors, type VectorPlan } from "./factor-vectors.ts";
import type { FrameKernels } from "./frame-kernels.ts";
import { GramShift } from "./gram-shift.ts";
import { addGramTerms, type GramTerms, gramTerms } from "./gram-terms.ts";
import type { JacobianKernels } from "./jacobian-rows.ts";
import type { Workspace } from "./pair-pass.ts";
import { createBasis, type FactorForm, type PairBasis, type SeparableModel } from "./separable-model.ts";
import { clearPadding, productSize, type SymmetricProduct } from "./symmetric-product.ts";
import type { TangentTable } from "./tangent-table.ts";
import { BlockLayout } from "./tile-layout.ts";

/** Frames per block: pairs within a block cost one row of the Jacobian each, blocks one sum over all products. */
const BLOCK = 32;
/** Room for the pairs within a block: even, and with the entry that kernels may write after an odd number. */
const PAIRS = 2 * Math.ceil((BLOCK * (BLOCK - 1)) / 4) + 2;
/** Blocks between shifts of the reference of phases and tangents: products of differences lose (16·32)² ulp at most. */
const SHIFT_EVERY = 16;

/**
 * JᵀJ of all pairs with equal weights, without a pass over the pairs, for models of finite rank. The rows of the
 * Jacobian are sums of products of a vector per row frame and a vector per column frame, so sums of their products over
 * all earlier frames and over a block of later frames are all that is needed: O(frames) work. The sums over earlier frames
 * decay from block to block as the running sums of quasiseparable solvers do (Foreman-Mackey, Agol, Ambikasaran & Angus
 * 2017, Astronomical Journal 154, 220), which is what keeps every exponential at most 1.
 */
export class SemiseparableGram {
  readonly #multiply: SymmetricProduct;
  readonly #grid: ChannelGrid;
  readonly #layout: BlockLayout;
  readonly #separable: SeparableModel;
  readonly #rows: CorrelationRows;
  readonly #jacobian: JacobianKernels;
  readonly #tangents: TangentTable;
  readonly #ones: Float64Array;
  readonly #basis: PairBasis;
  readonly #plan: VectorPlan;
  readonly #terms: GramTerms;
  readonly #vectors: BlockVectors;
  readonly #shift: GramShift;
  readonly #join: Join;
  /** Sums of products over earlier rows, and over the columns of a block. */
  readonly #before: Float64Array;
  readonly #block: Float64Array;
  /** Decays of the vectors from block to block. */
  readonly #scales: Float64Array;
  readonly #panel: Float64Array;
  readonly #pairPanel: Float64Array;
  readonly #pairSize: number;
  readonly #pairProduct: Float64Array;

  constructor(
    model: Model,
    experiment: Experiment,
    grid: ChannelGrid,
    first: number,
    arena: Arena,
    { multiply, jacobian, tangents }: Pick<Workspace, "multiply" | "jacobian" | "tangents">,
    frame: FrameKernels,
  ) {
    this.#multiply = multiply;
    this.#grid = grid;
    this.#layout = new BlockLayout(experiment.times.length, first, BLOCK);
    this.#separable = createSeparable(model, experiment, this.#layout, arena, frame);
    this.#rows = new CorrelationRows(this.#separable, BLOCK);
    this.#jacobian = jacobian;
    this.#tangents = tangents;
    this.#ones = arena.allocate(BLOCK + 2).fill(1);
    this.#basis = createBasis(BLOCK, arena);
    const form = this.#separable.factorForm()!;
    this.#plan = planVectors(this.#separable, grid, form);
    this.#terms = gramTerms(this.#plan, model.parameters.length);
    this.#vectors = new BlockVectors(this.#separable, grid, this.#plan, first, this.#layout.padded, BLOCK);
    this.#shift = new GramShift(this.#separable, grid, this.#plan, first);
    this.#join = { scales: new Float64Array(form.components), cos: 1, sin: 0 };
    const { size } = this.#plan;
    this.#scales = new Float64Array(size);
    this.#before = arena.allocate(size * size);
    this.#block = arena.allocate(size * size);
    this.#panel = arena.allocate(size * BLOCK);
    this.#pairSize = productSize(this.#terms.parameters);
    this.#pairPanel = arena.allocate(this.#pairSize * PAIRS + 2);
    this.#pairProduct = arena.allocate(this.#pairSize * this.#pairSize);
  }

  /** Takes the values of the channels; the grid must have been evaluated, with tangents, at the same point. */
  setChannels(values: readonly Float64Array[]): void {
    this.#separable.setChannels(values);
  }

  /** Adds JᵀJ of one angle: lower triangle, row-major, physical parameters, then contrast and offset. */
  add(contrast: number, kappa: number, kappaByPhi0: number, out: Float64Array): void {
    this.#separable.setAngle(kappa);
    const form = this.#separable.factorForm()!;
    const { parameters } = this.#terms;
    const product = new Float64Array(parameters * parameters);
    this.#before.fill(0);
    this.#pairProduct.fill(0);
    let reference = 0;
    for (let block = 0; block < this.#layout.blocks; block++) {
      this.#pairsWithin(block, kappa, kappaByPhi0);
      if (block > 0) {
        if (block % SHIFT_EVERY === 0) {
          const start = block * BLOCK;
          this.#shift.apply(form, reference, start, kappa, kappaByPhi0, this.#before);
          reference = start;
        }
        this.#writeVectors(form, block, -1, reference, kappa, kappaByPhi0);
        this.#block.fill(0);
        this.#addVectors(block, this.#block);
        addGramTerms(this.#terms, this.#before, this.#block, product);
      }
      if (block + 1 === this.#layout.blocks) break;
      if (block > 0) this.#decay(form, block * BLOCK, (block + 1) * BLOCK);
      this.#writeVectors(form, block, 1, reference, kappa, kappaByPhi0);
      this.#addVectors(block, this.#before);
    }
    this.#addScaled(product, contrast, out);
  }

  #addVectors(block: number, out: Float64Array): void {
    const length = this.#layout.blockLength(block);
    clearPadding(this.#panel, this.#plan.size, BLOCK, 0, length);
    this.#multiply(this.#panel, this.#plan.size, BLOCK, 0, length, out);
  }

  #writeVectors(
    form: FactorForm,
    block: number,
    sign: 1 | -1,
    reference: number,
    kappa: number,
    kappaByPhi0: number,
  ): void {
    const start = block * BLOCK;
    const join = this.#join;
    for (let k = 0; k < form.components; k++) {
      let scale = 1;
      if (sign === 1) {
        for (let e = 0; e < form.decays.length; e++)
          scale *= form.decays[e]!.joint(block, start + BLOCK) ** form.powers[k]![e]!;
      }
      join.scales[k] = scale;
    }
    if (form.rotates) {
      const { values } = this.#grid.channels[this.#separable.phaseChannel]!;
      const phase = kappa * (values[start + this.#layout.first]! - values[reference + this.#layout.first]!);
      join.cos = Math.cos(phase);
      join.sin = Math.sin(phase);
    }
    const count = this.#layout.blockLength(block);
    this.#vectors.write(form, sign, join, start, count, reference, kappa, kappaByPhi0, this.#panel);
  }

  /** Lets the sums over earlier rows decay from one frame to a later one. */
  #decay(form: FactorForm, from: number, to: number): void {
    const { size, components, derivatives } = this.#plan;
    const scales = this.#scales.fill(1);
    for (let k = 0; k < components; k++) {
      for (let e = 0; e < form.decays.length; e++)
        scales[1 + k]! *= form.decays[e]!.pair(from, to) ** form.powers[k]![e]!;
    }
    for (const { index, component } of derivatives) scales[index] = scales[1 + component]!;
    for (let a = 0; a < size; a++) {
      for (let b = 0; b <= a; b++) this.#before[a * size + b]! *= scales[a]! * scales[b]!;
    }
  }

  /** Pairs within one block, by their rows of the Jacobian; contrast 1. */
  #pairsWithin(block: number, kappa: number, kappaByPhi0: number): void {
    const tile = this.#layout.tile(block, block, 0);
    this.#separable.setTile(tile);
    const { columns, row, column } = tile;
    const panel = this.#pairPanel;
    let filled = 0;
    for (let r = 0; r + 1 < tile.rows; r++) {
      const start = r + 1;
      const at = filled - start;
      this.#rows.basis(tile, r, start, this.#basis);
      this.#jacobian.write(this.#tangents, {
        basis: this.#basis,
        row: row + r,
        column,
        start,
        end: columns,
        contrast: 1,
        kappa,
        kappaByPhi0,
        factors: this.#ones,
        out: panel,
        stride: PAIRS,
        at,
      });
      filled += columns - start;
    }
    clearPadding(panel, this.#terms.parameters, PAIRS, 0, filled);
    this.#multiply(panel, this.#pairSize, PAIRS, 0, filled, this.#pairProduct);
  }

  /** Both parts, with the contrast that was left out of the derivatives by the physical parameters. */
  #addScaled(product: Float64Array, contrast: number, out: Float64Array): void {
    const { parameters } = this.#terms;
    const physical = parameters - 2;
    for (let p = 0; p < parameters; p++) {
      for (let q = 0; q <= p; q++) {
        const scale = (p < physical ? contrast : 1) * (q < physical ? contrast : 1);
        const sum = product[p * parameters + q]! + this.#pairProduct[p * this.#pairSize + q]!;
        out[p * parameters + q]! += scale * sum;
      }
    }
  }
}
