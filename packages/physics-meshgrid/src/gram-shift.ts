import type { ChannelGrid } from "@siegert/physics-core";
import type { VectorPlan } from "./factor-vectors.ts";
import type { FactorForm, SeparableModel } from "./separable-model.ts";

/**
 * Moves the frame of reference of sums of products of row vectors from one frame to a later one: R becomes L R Lᵀ, with
 * L the sparse matrix that turns each vector into the new frame (see {@link BlockVectors} for what the vectors are).
 */
export class GramShift {
  readonly #plan: VectorPlan;
  readonly #separable: SeparableModel;
  readonly #grid: ChannelGrid;
  readonly #first: number;
  /** L as lists per row: source vectors and their coefficients, four at most. */
  readonly #sources: Int32Array;
  readonly #coefficients: Float64Array;
  readonly #counts: Int32Array;
  readonly #half: Float64Array;

  constructor(separable: SeparableModel, grid: ChannelGrid, plan: VectorPlan, first: number) {
    this.#separable = separable;
    this.#grid = grid;
    this.#plan = plan;
    this.#first = first;
    this.#sources = new Int32Array(4 * plan.size);
    this.#coefficients = new Float64Array(4 * plan.size);
    this.#counts = new Int32Array(plan.size);
    this.#half = new Float64Array(plan.size * plan.size);
  }

  /**
   * Shifts phases and tangents from frame `from` to frame `to`; decays are not touched.
   *
   * @param r lower triangle, row-major; in place.
   */
  apply(form: FactorForm, from: number, to: number, kappa: number, kappaByPhi0: number, r: Float64Array): void {
    this.#build(form, from, to, kappa, kappaByPhi0);
    const n = this.#plan.size;
    const half = this.#half;
    for (let a = 0; a < n; a++) {
      for (let b = 0; b < a; b++) r[b * n + a] = r[a * n + b]!;
    }
    for (let a = 0; a < n; a++) {
      for (let b = 0; b < n; b++) {
        let sum = 0;
        for (let k = 4 * a; k < 4 * a + this.#counts[a]!; k++) {
          sum += this.#coefficients[k]! * r[this.#sources[k]! * n + b]!;
        }
        half[a * n + b] = sum;
      }
    }
    for (let a = 0; a < n; a++) {
      for (let b = 0; b <= a; b++) {
        let sum = 0;
        for (let k = 4 * b; k < 4 * b + this.#counts[b]!; k++) {
          sum += this.#coefficients[k]! * half[a * n + this.#sources[k]!]!;
        }
        r[a * n + b] = sum;
      }
    }
  }

  #build(form: FactorForm, from: number, to: number, kappa: number, kappaByPhi0: number): void {
    const { channels } = this.#grid;
    const { components } = form;
    this.#counts.fill(0);
    this.#add(0, 0, 1);
    let cos = 1;
    let sin = 0;
    if (form.rotates) {
      const phase = kappa * this.#change(channels[this.#separable.phaseChannel]!.values, 0, from, to);
      cos = Math.cos(phase);
      sin = Math.sin(phase);
    }
    this.#turn(form, 1, cos, sin);
    let next = 1 + components;
    for (let e = 0; e < this.#separable.exponents; e++) {
      const { parameters, tangents, values } = channels[e]!;
      for (let p = 0; p < parameters.length; p++) {
        const change = this.#change(tangents, p * values.length, from, to);
        next = this.#shiftExponent(form, e, next, change, cos, sin);
      }
    }
    if (form.rotates) {
      const { parameters, tangents, values } = channels[this.#separable.phaseChannel]!;
      for (let p = 0; p <= parameters.length; p++) {
        const change =
          p < parameters.length
            ? kappa * this.#change(tangents, p * values.length, from, to)
            : kappaByPhi0 * this.#change(values, 0, from, to);
        this.#turnPair(next, cos, sin);
        // u′ = (−d u₄, d u₃) with d smaller by `change`.
        this.#addTurned(next, 4, change, cos, sin);
        this.#addTurned(next + 1, 3, -change, cos, sin);
        next += 2;
      }
    }
    if (this.#separable.fractionChannel < 0) return;
    for (let p = 0; p < channels[this.#separable.fractionChannel]!.parameters.length; p++) {
      this.#turn(form, next, cos, sin);
      next += components;
    }
  }

  /** Vectors of one parameter of a decaying channel; returns the index of the vector after them. */
  #shiftExponent(form: FactorForm, e: number, at: number, change: number, cos: number, sin: number): number {
    let next = at;
    for (let k = 0; k < form.components; k++) {
      const power = form.powers[k]![e]!;
      if (power === 0) continue;
      const shift = -power * form.decays[e]!.rate * change;
      if (!form.rotates || k < 2) {
        this.#add(next, next, 1);
        this.#add(next, 1 + k, shift);
      } else if (k === 2) {
        this.#turnPair(next, cos, sin);
        this.#addTurned(next, 3, shift, cos, sin);
        this.#addTurned(next + 1, 4, shift, cos, sin);
      }
      next++;
    }
    return next;
  }

  /** Vectors at … at + components − 1 turn as the components do. */
  #turn({ components, rotates }: FactorForm, at: number, cos: number, sin: number): void {
    for (let k = 0; k < (rotates ? 2 : components); k++) this.#add(at + k, at + k, 1);
    if (rotates) this.#turnPair(at + 2, cos, sin);
  }

  #turnPair(at: number, cos: number, sin: number): void {
    this.#add(at, at, cos);
    this.#add(at, at + 1, sin);
    this.#add(at + 1, at + 1, cos);
    this.#add(at + 1, at, -sin);
  }

  /** Adds a multiple of component vector 3 or 4, turned, to a vector. */
  #addTurned(to: number, component: 3 | 4, scale: number, cos: number, sin: number): void {
    this.#add(to, component, scale * cos);
    if (component === 3) this.#add(to, 4, scale * sin);
    else this.#add(to, 3, -scale * sin);
  }

  #add(to: number, source: number, coefficient: number): void {
    const k = 4 * to + this.#counts[to]!++;
    this.#sources[k] = source;
    this.#coefficients[k] = coefficient;
  }

  #change(source: Float64Array, shift: number, from: number, to: number): number {
    return source[shift + to + this.#first]! - source[shift + from + this.#first]!;
  }
}
