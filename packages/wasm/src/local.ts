import { type CodeWriter, type Expr, expression, type Statement, statement, type ValueType } from "./expression.ts";

const LOCAL_GET = 0x20;
const LOCAL_SET = 0x21;
const LOCAL_TEE = 0x22;

/** A parameter or local variable. As an expression it is its own value; a local starts at 0. */
export class Local<T extends ValueType> implements Expr<T> {
  readonly type: T;
  /** Name in the text format, for readers of disassembled code. */
  readonly name: string | undefined;
  readonly #index: () => number;

  /** @param index known only when the function is complete: locals are grouped by type. */
  constructor(type: T, index: () => number, name: string | undefined) {
    this.type = type;
    this.#index = index;
    this.name = name;
  }

  emit(code: CodeWriter): void {
    code.byte(LOCAL_GET);
    code.u32(this.#index());
  }

  /** Assigns. */
  set(value: Expr<NoInfer<T>>): Statement {
    return statement((code) => {
      value.emit(code);
      this.emitSet(code);
    });
  }

  /** Assigns, and is the value assigned. */
  tee(value: Expr<NoInfer<T>>): Expr<T> {
    return expression(this.type, (code) => {
      value.emit(code);
      code.byte(LOCAL_TEE);
      code.u32(this.#index());
    });
  }

  /** Assigns what lies on the stack. */
  emitSet(code: CodeWriter): void {
    code.byte(LOCAL_SET);
    code.u32(this.#index());
  }
}
