import {
  addSinCos,
  br_if,
  type Expr,
  f64x2,
  i32,
  type Local,
  loop,
  type ModuleBuilder,
  type Statement,
  setAll,
  v128,
  when,
} from "@siegert/wasm";
import { addExpConstants, inlineExp } from "./inline-exp.ts";
import { accumulate, componentAddress, lanes, sum } from "./tile-kernel.ts";

/** Loops over frames, two at a time; see `FrameKernels` for what they do. Lengths are in bytes, addresses at `from`. */
export function addFrameKernels(module: ModuleBuilder): void {
  addExpConstants(module);
  addExponential(module);
  addDecay(module);
  addSplit(module);
  addRotate(module);
  addMix(module);
  addCollect(module);
}

const { add, sub, mul } = f64x2;

/** Runs `step` while `at`, counted in bytes by 16, is below `length`; the length is not 0. */
function frames(at: Local<"i32">, length: Local<"i32">, step: readonly Statement[]): Statement {
  const isBelow = i32.lt_u(at, length);
  return when(isBelow, [loop((again) => [...step, at.set(i32.add(at, i32.const(16))), br_if(again, isBelow)])]);
}

function addExponential(module: ModuleBuilder): void {
  const params = ["i32", "i32", "f64", "f64", "i32"] as const;
  module.function("exponential", { params, results: [], export: true }, (fn, source, length, shift, scale, out) => {
    const at = fn.local("i32");
    const [origin, factor, value] = fn.locals("v128", 3) as [Local<"v128">, Local<"v128">, Local<"v128">];
    const exp = inlineExp(fn, mul(factor, sub(value, origin)));
    const isAbove = f64x2.gt(value, f64x2.const(-Infinity));
    return [
      ...exp.before,
      origin.set(f64x2.splat(shift)),
      factor.set(f64x2.splat(scale)),
      frames(at, length, [
        value.set(f64x2.load(i32.add(source, at), 0, 8)),
        ...exp.statements,
        f64x2.store(i32.add(out, at), v128.and(exp.result, isAbove), 0, 8),
      ]),
    ];
  });
}

function addDecay(module: ModuleBuilder): void {
  const params = ["i32", "i32", "f64", "f64", "i32", "i32"] as const;
  module.function("decay", { params, results: [], export: true }, (fn, values, length, shift, rate, column, row) => {
    const at = fn.local("i32");
    const [origin, factor, result] = fn.locals("v128", 3) as [Local<"v128">, Local<"v128">, Local<"v128">];
    const exp = inlineExp(fn, mul(factor, sub(origin, f64x2.load(i32.add(values, at), 0, 8))));
    return [
      ...exp.before,
      origin.set(f64x2.splat(shift)),
      factor.set(f64x2.splat(rate)),
      frames(at, length, [
        ...exp.statements,
        result.set(exp.result),
        f64x2.store(i32.add(column, at), result, 0, 8),
        f64x2.store(i32.add(row, at), f64x2.div(f64x2.const(1), result), 0, 8),
      ]),
    ];
  });
}

function addSplit(module: ModuleBuilder): void {
  const params = ["i32", "i32", "i32", "i32", "i32"] as const;
  module.function("split", { params, results: [], export: true }, (fn, fraction, length, alpha, beta, inverseNorm) => {
    const at = fn.local("i32");
    const [s, r, inverse, root] = fn.locals("v128", 4) as [Local<"v128">, Local<"v128">, Local<"v128">, Local<"v128">];
    const one = f64x2.const(1);
    return [
      frames(at, length, [
        s.set(f64x2.load(i32.add(fraction, at), 0, 8)),
        r.set(sub(one, s)),
        root.set(add(mul(s, s), mul(r, r))),
        inverse.set(f64x2.div(one, root)),
        root.set(f64x2.sqrt(root)),
        f64x2.store(i32.add(alpha, at), f64x2.div(r, root), 0, 8),
        f64x2.store(i32.add(beta, at), f64x2.div(s, root), 0, 8),
        f64x2.store(i32.add(inverseNorm, at), inverse, 0, 8),
      ]),
    ];
  });
}

function addRotate(module: ModuleBuilder): void {
  const sincos = addSinCos(module);
  const params = ["i32", "i32", "f64", "f64", "i32", "i32", "i32"] as const;
  const options = { params, results: [], export: true } as const;
  module.function("rotate", options, (fn, values, length, shift, kappa, angle, cos, sin) => {
    const at = fn.local("i32");
    const [origin, factor, phase] = fn.locals("v128", 3) as [Local<"v128">, Local<"v128">, Local<"v128">];
    const [s, c] = fn.locals("v128", 2) as [Local<"v128">, Local<"v128">];
    return [
      origin.set(f64x2.splat(shift)),
      factor.set(f64x2.splat(kappa)),
      frames(at, length, [
        phase.set(mul(factor, sub(f64x2.load(i32.add(values, at), 0, 8), origin))),
        f64x2.store(i32.add(angle, at), phase, 0, 8),
        setAll([s, c], sincos(phase)),
        f64x2.store(i32.add(cos, at), c, 0, 8),
        f64x2.store(i32.add(sin, at), s, 0, 8),
      ]),
    ];
  });
}

function addMix(module: ModuleBuilder): void {
  const params = ["i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32"] as const;
  const options = { params, results: [], export: true } as const;
  module.function("mix", options, (fn, alpha, beta, reference, sample, cos, sin, length, component, out) => {
    const at = fn.local("i32");
    const [a, b, mixed] = fn.locals("v128", 3) as [Local<"v128">, Local<"v128">, Local<"v128">];
    const load = (base: Local<"i32">) => f64x2.load(i32.add(base, at), 0, 8);
    const store = (k: number, value: Expr<"v128">) =>
      f64x2.store(i32.add(componentAddress(out, component, k), at), value, 0, 8);
    return [
      frames(at, length, [
        a.set(mul(load(alpha), load(reference))),
        b.set(mul(load(beta), load(sample))),
        mixed.set(mul(f64x2.const(Math.SQRT2), mul(a, b))),
        store(0, mul(a, a)),
        store(1, mul(b, b)),
        store(2, mul(mixed, load(cos))),
        store(3, mul(mixed, load(sin))),
      ]),
    ];
  });
}

const COLLECT_PARAMETERS = [
  ...(Array.from({ length: 14 }, () => "i32") as "i32"[]),
  "i32", // from one component to the next
  "i32", // length
  "i32", // results
  "f64", // scale
  "f64", // decay
  "f64", // kappa
  "f64", // origin
] as const;

function addCollect(module: ModuleBuilder): void {
  module.function("collect", { params: COLLECT_PARAMETERS, results: [], export: true }, (fn, ...locals) => {
    const at = fn.local("i32");
    const bases = locals.slice(0, 17) as Local<"i32">[];
    const scalars = locals.slice(17) as unknown as Local<"f64">[];
    const [component, length, results] = bases.slice(14) as [Local<"i32">, Local<"i32">, Local<"i32">];
    const [scale, decay, kappa, origin] = fn.locals("v128", 4) as [
      Local<"v128">,
      Local<"v128">,
      Local<"v128">,
      Local<"v128">,
    ];
    const [total, byKappa] = fn.locals("v128", 2) as [Local<"v128">, Local<"v128">];
    const step = collectStep(fn.locals("v128", 14), bases, at, component, {
      scale,
      decay,
      kappa,
      origin,
      total,
      byKappa,
    });
    return [
      ...[scale, decay, kappa, origin].map((vector, k) => vector.set(f64x2.splat(scalars[k]!))),
      frames(at, length, step),
      accumulate(results, lanes(total)),
      accumulate(results, lanes(byKappa), 8),
    ];
  });
}

/** Two frames of `collect`; names as in the plain kernel. */
function collectStep(
  locals: readonly Local<"v128">[],
  bases: readonly Local<"i32">[],
  at: Local<"i32">,
  component: Local<"i32">,
  scales: Readonly<Record<"scale" | "decay" | "kappa" | "origin" | "total" | "byKappa", Local<"v128">>>,
): Statement[] {
  const [vectors, sums, reference, sample, alpha, beta, inverseNorm, cos, sin, velocity, ...gradients] =
    bases as Local<"i32">[] & { 0: Local<"i32"> };
  const [byReference, bySample, byVelocity, byFraction] = gradients;
  const [g1, g2, g3, g4, u3, u4, first, second, mixed, turned, a, b, r, s] = locals;
  const load = (base: Local<"i32"> | undefined, k = 0) =>
    f64x2.load(i32.add(componentAddress(base!, component, k), at), 0, 8);
  const addTo = (base: Local<"i32"> | undefined, value: Expr<"v128">) =>
    f64x2.store(i32.add(base!, at), add(load(base), value), 0, 8);
  const { scale, decay, kappa, origin, total, byKappa } = scales;
  const two = f64x2.const(2);
  const difference = sub(mul(mul(s!, s!), g2!), mul(mul(r!, r!), g1!));
  const spread = mul(f64x2.const(Math.SQRT2), mul(sub(mul(a!, a!), mul(b!, b!)), mul(r!, s!)));
  const slope = mul(spread, add(mul(load(cos), g3!), mul(load(sin), g4!)));
  return [
    ...[g1, g2, g3, g4].map((local, k) => local!.set(load(sums, k))),
    u3!.set(load(vectors, 2)),
    u4!.set(load(vectors, 3)),
    first!.set(mul(load(vectors, 0), g1!)),
    second!.set(mul(load(vectors, 1), g2!)),
    mixed!.set(add(mul(u3!, g3!), mul(u4!, g4!))),
    turned!.set(mul(scale, sub(mul(u3!, g4!), mul(u4!, g3!)))),
    total.set(sum([total, first!, second!, mixed!])),
    addTo(byReference, mul(decay, add(mul(two, first!), mixed!))),
    addTo(bySample, mul(decay, add(mul(two, second!), mixed!))),
    addTo(byVelocity, mul(kappa, turned!)),
    byKappa.set(add(byKappa, mul(turned!, sub(load(velocity), origin)))),
    a!.set(load(alpha)),
    b!.set(load(beta)),
    r!.set(load(reference)),
    s!.set(load(sample)),
    addTo(byFraction, mul(mul(scale, load(inverseNorm)), add(mul(mul(two, mul(a!, b!)), difference), slope))),
  ];
}
