import type { Model } from "@siegert/physics-core";

/**
 * Coordinates in which the physics is fitted. The correlation decides the transport at the times that were measured, so
 * amplitude and exponent of a power law at t = 1 s are almost one number; taken at a reference time in the middle of the
 * measurement they are two.
 */
export interface Coordinates {
  /** Number of coordinates, one per free parameter. */
  readonly dim: number;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** Coordinates of a parameter vector. */
  fromParameters(parameters: Float64Array, out: Float64Array): void;
  /** Parameter vector of coordinates; fixed parameters keep their values. */
  toParameters(coordinates: Float64Array, parameters: Float64Array): void;
  /** ∂parameters/∂coordinates, row-major (parameters, dim), at the coordinates last given to `toParameters`. */
  jacobian(coordinates: Float64Array, parameters: Float64Array, out: Float64Array): void;
}

/** The vector, its limits, and which entries are free. */
export interface ParameterBox {
  readonly values: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly free: readonly number[];
  /** Parameters that always equal another, free or fixed one: index of the follower to index of the leader. */
  readonly tied: ReadonlyMap<number, number>;
}

/** Lets the followers follow, in a vector and in the rows of its derivatives. */
function follow(box: ParameterBox, parameters: Float64Array, stride = 1): void {
  for (const [follower, leader] of box.tied) {
    parameters.copyWithin(follower * stride, leader * stride, (leader + 1) * stride);
  }
}

/** The parameters themselves, within their bounds. */
export function plainCoordinates(box: ParameterBox): Coordinates {
  const { free } = box;
  return {
    dim: free.length,
    lower: Float64Array.from(free, (k) => box.lower[k]!),
    upper: Float64Array.from(free, (k) => box.upper[k]!),
    fromParameters: (parameters, out) => {
      for (const [c, k] of free.entries()) out[c] = parameters[k]!;
    },
    toParameters: (coordinates, parameters) => {
      parameters.set(box.values);
      for (const [c, k] of free.entries()) parameters[k] = coordinates[c]!;
      follow(box, parameters);
    },
    jacobian: (_coordinates, _parameters, out) => {
      out.fill(0);
      for (const [c, k] of free.entries()) out[k * free.length + c] = 1;
      follow(box, out, free.length);
    },
  };
}

/** Indices of (amplitude, exponent) of every power law with a positive amplitude. */
export function powerLawsOf(model: Model): readonly (readonly [number, number])[] {
  if (model.kind === "heterodyne")
    return [
      [0, 1],
      [3, 4],
      [6, 7],
    ];
  return model.phi0Index < 0
    ? [[0, 1]]
    : [
        [0, 1],
        [3, 4],
      ];
}

/**
 * Reference-time coordinates: ln(A·t_ref^p) in place of A for every power law whose amplitude and exponent are both
 * free, t_ref = √(dt·t_max); and for two components the fraction's amplitude at t = 0, f0·exp(−f1·f2), in place of f0
 * when f1 is free. Bounds here are generous boxes; the caller ends with a fit in plain coordinates, where the bounds of
 * the parameters hold exactly.
 */
export function referenceTimeCoordinates(model: Model, box: ParameterBox, times: Float64Array): Coordinates {
  const { free, values } = box;
  const dim = free.length;
  const dt = times[1]! - times[0]!;
  const logTime = 0.5 * Math.log(dt * Math.max(times[times.length - 1]!, dt));
  const isFree = (k: number) => free.includes(k);
  const exponentOf = new Map(powerLawsOf(model).filter(([a, p]) => isFree(a) && isFree(p)));
  const fraction = model.kind === "heterodyne" && isFree(9) && isFree(10) ? 9 : -1;
  const column = new Map(free.map((k, c) => [k, c] as const));
  const reach = (p: number) => Math.abs(logTime) * Math.max(Math.abs(box.lower[p]!), Math.abs(box.upper[p]!));
  const limit = (side: "lower" | "upper") =>
    Float64Array.from(free, (k) => {
      const exponent = exponentOf.get(k);
      if (exponent !== undefined) return Math.log(box[side][k]!) + (side === "lower" ? -1 : 1) * reach(exponent);
      return k === fraction ? (side === "lower" ? 0 : Infinity) : box[side][k]!;
    });
  return {
    dim,
    lower: limit("lower"),
    upper: limit("upper"),
    fromParameters: (parameters, out) => {
      for (const [c, k] of free.entries()) {
        const exponent = exponentOf.get(k);
        if (exponent !== undefined) out[c] = Math.log(parameters[k]!) + parameters[exponent]! * logTime;
        else if (k === fraction) out[c] = parameters[9]! * Math.exp(-parameters[10]! * parameters[11]!);
        else out[c] = parameters[k]!;
      }
    },
    toParameters: (coordinates, parameters) => {
      parameters.set(values);
      for (const [c, k] of free.entries()) parameters[k] = coordinates[c]!;
      for (const [k, exponent] of exponentOf) {
        parameters[k] = Math.exp(coordinates[column.get(k)!]! - parameters[exponent]! * logTime);
      }
      if (fraction >= 0) parameters[9] = coordinates[column.get(9)!]! * Math.exp(parameters[10]! * parameters[11]!);
      follow(box, parameters);
    },
    jacobian: (_coordinates, parameters, out) => {
      out.fill(0);
      for (const [c, k] of free.entries()) out[k * dim + c] = 1;
      for (const [k, exponent] of exponentOf) {
        out[k * dim + column.get(k)!] = parameters[k]!;
        out[k * dim + column.get(exponent)!] = -parameters[k]! * logTime;
      }
      if (fraction >= 0) {
        out[9 * dim + column.get(9)!] = Math.exp(parameters[10]! * parameters[11]!);
        out[9 * dim + column.get(10)!] = parameters[9]! * parameters[11]!;
        if (isFree(11)) out[9 * dim + column.get(11)!] = parameters[9]! * parameters[10]!;
      }
      follow(box, out, dim);
    },
  };
}
