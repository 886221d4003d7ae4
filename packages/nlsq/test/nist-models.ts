/** The models of the NIST nonlinear problems, written once for numbers and complex numbers. */
import {
  type Arithmetic,
  type Complex,
  complexArithmetic,
  type ResidualProblem,
  realArithmetic,
} from "../src/index.ts";
import problems from "./fixtures/nist-strd.json" with { type: "json" };

export type NistName = keyof typeof problems;

type Model = <T>(x: readonly number[], b: readonly T[], m: Arithmetic<T>) => T;

/** b[from] + b[from+1] x + … over `count` coefficients. */
function polynomial<T>(x: number, b: readonly T[], m: Arithmetic<T>): T {
  let value = b[b.length - 1] as T;
  for (let k = b.length - 2; k >= 0; k--) value = m.add(b[k]!, m.mul(x, value));
  return value;
}

function decay<T>(amplitude: T, rate: T, x: number, m: Arithmetic<T>): T {
  return m.mul(amplitude, m.exp(m.mul(-x, rate)));
}

function peak<T>(amplitude: T, center: T, width: T, x: number, m: Arithmetic<T>): T {
  return m.mul(amplitude, m.exp(m.neg(m.pow(m.div(m.sub(x, center), width), 2))));
}

function wave<T>(cosine: T, sine: T, period: T | number, x: number, m: Arithmetic<T>): T {
  const phase = m.div(2 * Math.PI * x, period);
  return m.add(m.mul(cosine, m.cos(phase)), m.mul(sine, m.sin(phase)));
}

const chwirut: Model = ([x = 0], b, m) => m.div(m.exp(m.mul(-x, b[0]!)), m.add(b[1]!, m.mul(x, b[2]!)));
const gauss: Model = ([x = 0], b, m) =>
  m.add(decay(b[0]!, b[1]!, x, m), m.add(peak(b[2]!, b[3]!, b[4]!, x, m), peak(b[5]!, b[6]!, b[7]!, x, m)));
const lanczos: Model = ([x = 0], b, m) =>
  m.add(decay(b[0]!, b[1]!, x, m), m.add(decay(b[2]!, b[3]!, x, m), decay(b[4]!, b[5]!, x, m)));
const cubicRatio: Model = ([x = 0], b, m) =>
  m.div(polynomial(x, b.slice(0, 4), m), m.add(1, m.mul(x, polynomial(x, b.slice(4), m))));
const saturation: Model = ([x = 0], b, m) => m.mul(b[0]!, m.sub(1, m.exp(m.mul(-x, b[1]!))));

const models: Record<NistName, Model> = {
  Bennett5: ([x = 0], b, m) => m.mul(b[0]!, m.pow(m.add(b[1]!, x), m.div(-1, b[2]!))),
  BoxBOD: saturation,
  Chwirut1: chwirut,
  Chwirut2: chwirut,
  DanWood: ([x = 0], b, m) => m.mul(b[0]!, m.pow(x, b[1]!)),
  ENSO: ([x = 0], b, m) =>
    m.add(
      m.add(b[0]!, wave(b[1]!, b[2]!, 12, x, m)),
      m.add(wave(b[4]!, b[5]!, b[3]!, x, m), wave(b[7]!, b[8]!, b[6]!, x, m)),
    ),
  Eckerle4: ([x = 0], b, m) => m.mul(m.div(b[0]!, b[1]!), m.exp(m.mul(-0.5, m.pow(m.div(m.sub(x, b[2]!), b[1]!), 2)))),
  Gauss1: gauss,
  Gauss2: gauss,
  Gauss3: gauss,
  Hahn1: cubicRatio,
  Kirby2: ([x = 0], b, m) => m.div(polynomial(x, b.slice(0, 3), m), m.add(1, m.mul(x, polynomial(x, b.slice(3), m)))),
  Lanczos1: lanczos,
  Lanczos2: lanczos,
  Lanczos3: lanczos,
  MGH09: ([x = 0], b, m) =>
    m.div(m.mul(b[0]!, m.add(x * x, m.mul(x, b[1]!))), m.add(x * x, m.add(m.mul(x, b[2]!), b[3]!))),
  MGH10: ([x = 0], b, m) => m.mul(b[0]!, m.exp(m.div(b[1]!, m.add(x, b[2]!)))),
  MGH17: ([x = 0], b, m) => m.add(b[0]!, m.add(decay(b[1]!, b[3]!, x, m), decay(b[2]!, b[4]!, x, m))),
  Misra1a: saturation,
  Misra1b: ([x = 0], b, m) => m.mul(b[0]!, m.sub(1, m.pow(m.add(1, m.mul(x / 2, b[1]!)), -2))),
  Misra1c: ([x = 0], b, m) => m.mul(b[0]!, m.sub(1, m.pow(m.add(1, m.mul(2 * x, b[1]!)), -0.5))),
  Misra1d: ([x = 0], b, m) => m.div(m.mul(m.mul(b[0]!, b[1]!), x), m.add(1, m.mul(x, b[1]!))),
  // The response is log y.
  Nelson: ([x1 = 0, x2 = 0], b, m) => m.sub(b[0]!, m.mul(m.mul(x1, b[1]!), m.exp(m.mul(-x2, b[2]!)))),
  Rat42: ([x = 0], b, m) => m.div(b[0]!, m.add(1, m.exp(m.sub(b[1]!, m.mul(x, b[2]!))))),
  Rat43: ([x = 0], b, m) => m.div(b[0]!, m.pow(m.add(1, m.exp(m.sub(b[1]!, m.mul(x, b[2]!)))), m.div(1, b[3]!))),
  Roszman1: ([x = 0], b, m) =>
    m.sub(m.sub(b[0]!, m.mul(x, b[1]!)), m.div(m.atan(m.div(b[2]!, m.sub(x, b[3]!))), Math.PI)),
  Thurber: cubicRatio,
};

/** Parameters, data and certified results of one problem. */
export interface NistProblem {
  readonly name: NistName;
  readonly starts: readonly [readonly number[], readonly number[]];
  readonly parameters: readonly number[];
  readonly standardDeviations: readonly number[];
  readonly residualSumOfSquares: number;
  readonly residualStandardDeviation: number;
  readonly observations: number;
  /** "Lower", "Average" or "Higher". */
  readonly difficulty: string;
}

export const nistNames = Object.keys(problems) as NistName[];

export function nistProblem(name: NistName): NistProblem {
  const { start1, start2, ...certified } = problems[name];
  return { name, starts: [start1, start2], ...certified };
}

/** Residuals model − y with the Jacobian by complex step, or without one. */
export function nistResiduals(name: NistName, options: { jacobian: boolean } = { jacobian: true }): ResidualProblem {
  const model = models[name];
  const x: readonly (readonly number[])[] = problems[name].x.map((value) =>
    typeof value === "number" ? [value] : value,
  );
  const y = name === "Nelson" ? problems[name].y.map(Math.log) : problems[name].y;
  const residuals = (b: Float64Array, out: Float64Array): void => {
    const parameters = Array.from(b);
    for (let i = 0; i < y.length; i++) out[i] = model(x[i]!, parameters, realArithmetic) - y[i]!;
  };
  const jacobian = (b: Float64Array, out: Float64Array): void => {
    const parameters: Complex[] = Array.from(b, (value) => ({ re: value, im: 0 }));
    b.forEach((value, j) => {
      parameters[j] = { re: value, im: 1e-100 };
      for (let i = 0; i < y.length; i++)
        out[i * b.length + j] = model(x[i]!, parameters, complexArithmetic).im / 1e-100;
      parameters[j] = { re: value, im: 0 };
    });
  };
  return { residualCount: y.length, residuals, ...(options.jacobian && { jacobian }) };
}
