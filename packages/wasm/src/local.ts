import { type CodeWriter, type Expr, expression, type Statement, statement, type ValueType } from "./expression.ts";

const LOCAL_GET = 0x20;
const LOCAL_SET = 0x21;
const LOCAL_TEE = 0x22;

/** A parameter or local variable. As an expression it is its own value; a local starts at 0. */
export class Local<T extends ValueType> implements Expr<T> {
  readonly type: T;
  readonly #owner: object;
  readonly #index: () => number;

  /**
   * @param owner the function that it belongs to.
   * @param index known only when the function is complete: locals are grouped by type.
   */
  constructor(type: T, owner: object, index: () => number) {
    this.type = type;
    this.#owner = owner;
    this.#index = index;
  }

  emit(code: CodeWriter): void {
    this.#write(code, LOCAL_GET);
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
      this.#write(code, LOCAL_TEE);
    });
  }

  /** Assigns what lies on the stack. */
  emitSet(code: CodeWriter): void {
    this.#write(code, LOCAL_SET);
  }

  #write(code: CodeWriter, opcode: number): void {
    code.checkFunction(this.#owner);
    code.byte(opcode);
    code.u32(this.#index());
  }
}
