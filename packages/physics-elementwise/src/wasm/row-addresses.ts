import { type Expr, type FunctionBuilder, f64x2, i32, type Local, type Statement, v128 } from "@siegert/wasm";
import { ROW, type RowName } from "../heterodyne-frames.ts";

/** Access to the current two frames of some rows of the workspace. */
export interface RowAddresses<Name extends RowName> {
  /** Computes the addresses; before the loop. */
  readonly start: readonly Statement[];
  readonly address: (row: Name) => Expr<"i32">;
  readonly load: (row: Name) => Expr<"v128">;
  readonly store: (row: Name, value: Expr<"v128">) => Statement;
  readonly add: (row: Name, value: Expr<"v128">) => Statement;
}

/**
 * @param rows address of the first row.
 * @param stride bytes from row to row.
 * @param at bytes from the start of a row to the current frames.
 */
export function addressRows<const Name extends RowName>(
  fn: FunctionBuilder,
  rows: Local<"i32">,
  stride: Local<"i32">,
  at: Local<"i32">,
  names: readonly Name[],
): RowAddresses<Name> {
  const locals = new Map(names.map((name) => [name, fn.local("i32")]));
  const address = (row: Name): Expr<"i32"> => i32.add(locals.get(row)!, at);
  const load = (row: Name): Expr<"v128"> => v128.load(address(row));
  return {
    start: names.map((name) => locals.get(name)!.set(i32.add(rows, i32.mul(stride, i32.const(ROW[name]))))),
    address,
    load,
    store: (row, value) => v128.store(address(row), value),
    add: (row, value) => v128.store(address(row), f64x2.add(load(row), value)),
  };
}
