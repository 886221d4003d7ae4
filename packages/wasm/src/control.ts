import {
  type BodyOf,
  type CodeWriter,
  type Expr,
  type ExprsOf,
  emitAll,
  expression,
  type Label,
  type MultiExpr,
  type Statement,
  statement,
  type ValueType,
} from "./expression.ts";
import type { Local } from "./local.ts";
import { i32 } from "./scalar-instructions.ts";

const BLOCK = 0x02;
const LOOP = 0x03;
const IF = 0x04;
const ELSE = 0x05;

/** A block: `br(exit)` inside it jumps behind its end. */
export function block(body: (exit: Label) => readonly Statement[]): Statement {
  const exit: Label = { kind: "block" };
  const nodes = body(exit);
  return statement((code) => structured(code, BLOCK, "void", exit, nodes));
}

/** A loop: `br(again)` inside it jumps to its start; without a branch it runs once. */
export function loop(body: (again: Label) => readonly Statement[]): Statement {
  const again: Label = { kind: "loop" };
  const nodes = body(again);
  return statement((code) => structured(code, LOOP, "void", again, nodes));
}

/** Runs `then` where the condition is not 0, otherwise `otherwise`. */
export function when(
  condition: Expr<"i32">,
  then: readonly Statement[],
  otherwise: readonly Statement[] = [],
): Statement {
  return statement((code) => {
    condition.emit(code);
    code.open(IF, "void", undefined);
    emitAll(code, then);
    if (otherwise.length > 0) {
      code.byte(ELSE);
      emitAll(code, otherwise);
    }
    code.close();
  });
}

/** The value at the end of `then` where the condition is not 0, otherwise that of `otherwise`; only one is computed. */
export function whenValue<T extends ValueType>(
  type: T,
  condition: Expr<"i32">,
  then: BodyOf<readonly [NoInfer<T>]>,
  otherwise: BodyOf<readonly [NoInfer<T>]>,
): Expr<T> {
  return expression(type, (code) => {
    condition.emit(code);
    code.open(IF, type, undefined);
    emitAll(code, then);
    code.byte(ELSE);
    emitAll(code, otherwise);
    code.close();
  });
}

/** Statements and then a value, as one expression. */
export function sequence<T extends ValueType>(statements: readonly Statement[], value: Expr<T>): Expr<T> {
  return expression(value.type, (code) => {
    emitAll(code, statements);
    value.emit(code);
  });
}

/** Jumps to the end of a block or the start of a loop. */
export function br(target: Label): Statement {
  return statement((code) => {
    code.byte(0x0c);
    code.depth(target);
  });
}

/** Jumps where the condition is not 0. */
export function br_if(target: Label, condition: Expr<"i32">): Statement {
  return statement((code) => {
    condition.emit(code);
    code.byte(0x0d);
    code.depth(target);
  });
}

/** `a` where the condition is not 0, otherwise `b`; both are computed. */
export function select<T extends ValueType>(a: Expr<T>, b: Expr<NoInfer<T>>, condition: Expr<"i32">): Expr<T> {
  return expression(a.type, (code) => {
    a.emit(code);
    b.emit(code);
    condition.emit(code);
    code.byte(0x1b);
  });
}

/** Computes a value for its effects and forgets it. */
export function drop(value: Expr<ValueType>): Statement {
  return statement((code) => {
    value.emit(code);
    code.byte(0x1a);
  });
}

/** Traps. */
export function unreachable(): Statement {
  return statement((code) => code.byte(0x00));
}

/** Leaves the function with its results (checked when the module is compiled, not by the type system). */
export function return_<R extends readonly ValueType[]>(...results: ExprsOf<R>): Statement {
  return statement((code) => {
    emitAll(code, results);
    code.byte(0x0f);
  });
}

/** Stores the results of a call in locals, first result in the first local. */
export function setAll<const R extends readonly ValueType[]>(
  locals: { readonly [K in keyof R]: Local<R[K]> },
  values: MultiExpr<R>,
): Statement {
  return statement((code) => {
    values.emit(code);
    for (const local of locals.toReversed()) local.emitSet(code);
  });
}

/** How `forLoop` compares. */
export interface ForLoopOptions {
  /** Compare as signed integers. Default false: counts and pointers up to 2³² − step. */
  readonly signed?: boolean;
}

/**
 * Counts `i` from `from` while i < to, in steps of `step` (positive). `to` and `step` are evaluated anew each time:
 * pass a number, a constant or a local. `i + step` must not pass 2³² (2³¹ if signed) or the loop does not end.
 */
export function forLoop(
  i: Local<"i32">,
  from: Expr<"i32"> | number,
  to: Expr<"i32"> | number,
  step: Expr<"i32"> | number,
  body: readonly Statement[],
  { signed = false }: ForLoopOptions = {},
): Statement {
  if (typeof step === "number" && !(step >= 1)) {
    throw new RangeError(`step must be a positive integer; received ${step}`);
  }
  const isBelow = (signed ? i32.lt_s : i32.lt_u)(i, integer(to));
  const counted = loop((again) => [...body, i.set(i32.add(i, integer(step))), br_if(again, isBelow)]);
  return statement((code) => emitAll(code, [i.set(integer(from)), when(isBelow, [counted])]));
}

/** Repeats the body while the condition, tested before each round, is not 0. */
export function whileLoop(condition: Expr<"i32">, body: readonly Statement[]): Statement {
  return block((exit) => [loop((again) => [br_if(exit, i32.eqz(condition)), ...body, br(again)])]);
}

function integer(value: Expr<"i32"> | number): Expr<"i32"> {
  return typeof value === "number" ? i32.const(value) : value;
}

function structured(
  code: CodeWriter,
  opcode: number,
  result: ValueType | "void",
  label: Label,
  body: readonly { emit(code: CodeWriter): void }[],
): void {
  code.open(opcode, result, label);
  emitAll(code, body);
  code.close();
}
