import {
  br_if,
  type Expr,
  type FunctionBuilder,
  f64x2,
  i32,
  type Local,
  loop,
  type ModuleBuilder,
  type Statement,
  v128,
  when,
} from "@siegert/wasm";
import { BASIS } from "../separable-model.ts";
import type { Role } from "../tangent-table.ts";
import { accumulate, componentAddress, lanes } from "./tile-kernel.ts";

const WRITE_PARAMETERS = [
  "i32", // basis at the first column
  "i32", // from one part of the basis to the next
  "i32", // tangents at the first column's frame
  "i32", // tangents at the row's frame
  "i32", // from one tangent to the next
  "i32", // length × 8
  "i32", // factors at the first column
  "i32", // where the first column goes
  "i32", // from one parameter to the next
  "f64", // contrast
  "f64", // contrast × κ
  "f64", // contrast × ∂κ/∂phi0
] as const;

type I32 = Local<"i32">;
type V128 = Local<"v128">;

/** `JacobianKernels` for parameters with these roles; all lengths and addresses in bytes. */
export function addJacobianKernels(module: ModuleBuilder, roles: readonly Role[]): void {
  module.function("jacobianRow", { params: WRITE_PARAMETERS, results: [], export: true }, (fn, ...locals) => {
    const pointers = locals.slice(0, 9) as I32[];
    const scales = locals.slice(9) as unknown as Local<"f64">[];
    return writeRow(fn, pointers, scales, roles);
  });
  addProject(module);
}

function writeRow(
  fn: FunctionBuilder,
  pointers: readonly I32[],
  scales: readonly Local<"f64">[],
  roles: readonly Role[],
): Statement[] {
  const [basis, part, tangents, row, table, length, factors, out, stride] = pointers as [
    I32,
    I32,
    I32,
    I32,
    I32,
    I32,
    I32,
    I32,
    I32,
  ];
  const at = fn.local("i32");
  const factor = fn.local("v128");
  const splats = fn.locals("v128", 3);
  const load = (k: number) => f64x2.load(i32.add(componentAddress(basis, part, k), at), 0, 8);
  const store = (p: number, value: Expr<"v128">) =>
    f64x2.store(i32.add(componentAddress(out, stride, p), at), value, 0, 8);
  const step: Statement[] = [factor.set(f64x2.load(i32.add(factors, at), 0, 8))];
  const slopes = new Map<string, V128>();
  // Slopes times their scale and factor, each computed once.
  const slope = (name: string, k: number, scale: number): V128 => {
    const known = slopes.get(name);
    if (known) return known;
    const local = fn.local("v128");
    slopes.set(name, local);
    step.push(local.set(f64x2.mul(f64x2.mul(load(k), factor), splats[scale]!)));
    return local;
  };
  for (const [p, role] of roles.entries()) {
    const own = () => v128.load64_splat(componentAddress(row, table, p), 0, 8);
    const other = () => f64x2.load(i32.add(componentAddress(tangents, table, p), at), 0, 8);
    if (role.kind === "fraction") {
      const [byRow, byColumn] = [slope("row", BASIS.fractionRow, 0), slope("column", BASIS.fractionColumn, 0)];
      step.push(store(p, f64x2.add(f64x2.mul(byRow, own()), f64x2.mul(byColumn, other()))));
      continue;
    }
    const scaled =
      role.kind === "exponent"
        ? slope(`exponent ${role.channel}`, BASIS.exponents + role.channel, 0)
        : slope(role.kind, BASIS.phase, role.kind === "phase" ? 1 : 2);
    step.push(store(p, f64x2.mul(scaled, f64x2.sub(other(), own()))));
  }
  step.push(store(roles.length, f64x2.mul(load(BASIS.value), factor)), store(roles.length + 1, factor));
  return [...splats.map((splat, k) => splat.set(f64x2.splat(scales[k]!))), repeat(at, length, step)];
}

function addProject(module: ModuleBuilder): void {
  // A at the first column, its rows × 8 and stride, length × 8, the vector at the first column, and the result.
  const params = ["i32", "i32", "i32", "i32", "i32", "i32"] as const;
  module.function("project", { params, results: [], export: true }, (fn, a, rows, stride, length, vector, out) => {
    const [at, p] = fn.locals("i32", 2) as [I32, I32];
    const [sum] = fn.locals("v128", 1) as [V128];
    const term = f64x2.mul(f64x2.load(i32.add(a, at), 0, 8), f64x2.load(i32.add(vector, at), 0, 8));
    const row = [
      at.set(i32.const(0)),
      sum.set(f64x2.const(0)),
      repeat(at, length, [sum.set(f64x2.add(sum, term))]),
      accumulate(out, lanes(sum)),
      a.set(i32.add(a, stride)),
      out.set(i32.add(out, i32.const(8))),
      p.set(i32.add(p, i32.const(8))),
    ];
    return [loop((again) => [...row, br_if(again, i32.lt_u(p, rows))])];
  });
}

function repeat(at: I32, length: I32, step: readonly Statement[]): Statement {
  const isBelow = i32.lt_u(at, length);
  return when(isBelow, [loop((again) => [...step, at.set(i32.add(at, i32.const(16))), br_if(again, isBelow)])]);
}
