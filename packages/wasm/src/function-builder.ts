import type { ByteWriter } from "./byte-writer.ts";
import {
  CodeWriter,
  type Expr,
  emitAll,
  type MultiExpr,
  type Statement,
  VALUE_TYPE_BYTE,
  type ValueType,
} from "./expression.ts";
import { Local } from "./local.ts";

/** Parameter and result types of a function. */
export interface Signature<P extends readonly ValueType[], R extends readonly ValueType[]> {
  readonly params: P;
  readonly results: R;
}

/** What a call is: a statement, one value, or several. */
export type CallOf<R extends readonly ValueType[]> = R extends readonly []
  ? Statement
  : R extends readonly [infer T extends ValueType]
    ? Expr<T>
    : MultiExpr<R>;

/** A function of a module. Calling it with expressions makes the call: `exp(f64x2.neg(x))`. */
export interface FunctionRef<P extends readonly ValueType[], R extends readonly ValueType[]> {
  (...args: { readonly [K in keyof P]: Expr<P[K]> }): CallOf<R>;
  readonly signature: Signature<P, R>;
  /** Its name in the module. */
  readonly functionName: string;
}

/** One local per parameter. */
export type LocalsOf<P extends readonly ValueType[]> = { readonly [K in keyof P]: Local<P[K]> };

/** Types that `local` accepts: value types, and the shapes that a v128 is used as. */
export type LocalType = ValueType | "f64x2" | "i64x2" | "i32x4";

/** Value type of a local declared by its shape. */
export type ValueTypeOf<T extends LocalType> = T extends ValueType ? T : "v128";

/** N locals; a tuple where N is a literal. */
export type LocalTuple<L, N extends number, Made extends L[] = []> = number extends N
  ? L[]
  : Made["length"] extends N
    ? Made
    : LocalTuple<L, N, [...Made, L]>;

/** Declares the locals of one function while its body is being described. */
export class FunctionBuilder {
  readonly #locals: Local<ValueType>[] = [];
  readonly #positions = new Map<Local<ValueType>, number>();
  readonly #params: number;

  /** @param params how many parameters come before the locals. */
  constructor(params: number) {
    this.#params = params;
  }

  /** A local variable, 0 at the start of each call. */
  local<T extends LocalType>(type: T): Local<ValueTypeOf<T>> {
    const isShape = type === "f64x2" || type === "i64x2" || type === "i32x4";
    const valueType = (isShape ? "v128" : type) as ValueTypeOf<T>;
    const local: Local<ValueTypeOf<T>> = new Local(valueType, this, () =>
      this.#position(local as unknown as Local<ValueType>),
    );
    this.#locals.push(local as unknown as Local<ValueType>);
    this.#positions.clear();
    return local;
  }

  /** Several locals of one type, for destructuring: `const [a, b] = fn.locals("f64", 2)`. */
  locals<T extends LocalType, N extends number>(type: T, count: N): LocalTuple<Local<ValueTypeOf<T>>, N> {
    return Array.from({ length: count }, () => this.local(type)) as LocalTuple<Local<ValueTypeOf<T>>, N>;
  }

  /** The body in the binary format: runs of locals by type, then the code. */
  encode(module: object, nodes: readonly { emit(code: CodeWriter): void }[]): ByteWriter {
    const runs = this.#runs();
    const code = new CodeWriter(module, this);
    code.u32(runs.size);
    for (const [type, locals] of runs) {
      code.u32(locals.length);
      code.byte(VALUE_TYPE_BYTE[type]);
    }
    emitAll(code, nodes);
    code.byte(0x0b);
    return code;
  }

  #runs(): Map<ValueType, Local<ValueType>[]> {
    const runs = new Map<ValueType, Local<ValueType>[]>();
    for (const local of this.#locals) {
      const run = runs.get(local.type);
      if (run) run.push(local);
      else runs.set(local.type, [local]);
    }
    return runs;
  }

  #position(local: Local<ValueType>): number {
    if (this.#positions.size === 0) {
      let index = this.#params;
      for (const run of this.#runs().values()) {
        for (const member of run) this.#positions.set(member, index++);
      }
    }
    return this.#positions.get(local)!;
  }
}
