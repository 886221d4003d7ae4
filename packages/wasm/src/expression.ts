import { ByteWriter } from "./byte-writer.ts";

/** Value types of WebAssembly. `v128` holds two float64 or int64 lanes, or four int32 lanes; the instruction decides. */
export type ValueType = "i32" | "i64" | "f32" | "f64" | "v128";

/** A node of the program that leaves one value of type T on the stack. Used twice, its code is emitted twice. */
export interface Expr<T extends ValueType> {
  readonly type: T;
  emit(code: CodeWriter): void;
}

/** A node of the program that leaves nothing on the stack. */
export interface Statement {
  readonly type: "void";
  emit(code: CodeWriter): void;
}

/** A call that leaves several values on the stack; `setAll` stores them in locals. */
export interface MultiExpr<R extends readonly ValueType[]> {
  readonly type: "multi";
  readonly results: R;
  emit(code: CodeWriter): void;
}

/** One expression per value type of a tuple. */
export type ExprsOf<R extends readonly ValueType[]> = { readonly [K in keyof R]: Expr<R[K]> };

/** Statements, then one expression per result. */
export type BodyOf<R extends readonly ValueType[]> = readonly [...Statement[], ...ExprsOf<R>];

/** Target of a branch: the block that `block` or `loop` made it for. */
export interface Label {
  readonly kind: "block" | "loop";
}

/** Byte of each value type in the binary format. */
export const VALUE_TYPE_BYTE: Readonly<Record<ValueType, number>> = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
};

const EMPTY_BLOCK = 0x40;
const END = 0x0b;

/** Code of one function while it is written: bytes, and the labels that are open. */
export class CodeWriter extends ByteWriter {
  readonly #labels: (Label | undefined)[] = [];
  readonly #module: object;
  readonly #fn: object | undefined;

  /** @param fn undefined for the constant that a global starts as. */
  constructor(module: object, fn?: object) {
    super();
    this.#module = module;
    this.#fn = fn;
  }

  /** @throws {RangeError} when a local of function `owner` is used outside it. */
  checkFunction(owner: object): void {
    if (owner !== this.#fn) throw new RangeError("a local can only be used in the function that declared it");
  }

  /** @throws {RangeError} when a function or global of module `owner` is used in another. */
  checkModule(owner: object, name: string): void {
    if (owner !== this.#module) throw new RangeError(`${name} can only be used in the module it belongs to`);
  }

  /** An opcode: one byte, or (as `prefix * 0x10000 + number`) a prefix byte and a LEB128 number. */
  opcode(opcode: number): void {
    if (opcode < 0x100) {
      this.byte(opcode);
    } else {
      this.byte(opcode >>> 16);
      this.u32(opcode & 0xffff);
    }
  }

  /** Opens a structured instruction; `label` is undefined when nothing can branch to it. */
  open(opcode: number, result: ValueType | "void", label: Label | undefined): void {
    this.byte(opcode);
    this.byte(result === "void" ? EMPTY_BLOCK : VALUE_TYPE_BYTE[result]);
    this.#labels.push(label);
  }

  close(): void {
    this.#labels.pop();
    this.byte(END);
  }

  /** Writes how many blocks lie between here and the one of `label`. @throws {RangeError} when that block is not open here. */
  depth(label: Label): void {
    const at = this.#labels.lastIndexOf(label);
    if (at < 0) throw new RangeError("a branch must lie inside the block or loop that its label belongs to");
    this.u32(this.#labels.length - 1 - at);
  }
}

/** An expression from the operands and what follows them. */
export function expression<T extends ValueType>(type: T, emit: (code: CodeWriter) => void): Expr<T> {
  return { type, emit };
}

/** A statement from what it writes. */
export function statement(emit: (code: CodeWriter) => void): Statement {
  return { type: "void", emit };
}

type Emitting = { emit(code: CodeWriter): void };

/** Writes nodes one after the other. */
export function emitAll(code: CodeWriter, nodes: readonly Emitting[]): void {
  for (const node of nodes) node.emit(code);
}
