import { ByteWriter } from "./byte-writer.ts";
import {
  type BodyOf,
  type CodeWriter,
  type Expr,
  expression,
  type Statement,
  statement,
  type ValueType,
} from "./expression.ts";
import { FunctionBuilder, type FunctionRef, type LocalsOf, type Signature } from "./function-builder.ts";
import { Local } from "./local.ts";
import {
  encodeModule,
  type FunctionEntry,
  type GlobalEntry,
  type MemoryEntry,
  type ModuleContents,
} from "./module-encoding.ts";
import { type WasmModule, webAssembly } from "./web-assembly.ts";

/** Sizes are in pages of 64 KiB. */
export interface MemoryOptions {
  readonly minimum: number;
  /** Required when shared. */
  readonly maximum?: number;
  /** Made for several threads. Default false. */
  readonly shared?: boolean;
  /** `[module, name]` under which the memory is imported; otherwise the module has its own. */
  readonly import?: readonly [module: string, name: string];
  /** Name under which it is exported. */
  readonly export?: string;
}

/** A function of this module. */
export interface FunctionOptions<P extends readonly ValueType[], R extends readonly ValueType[]>
  extends Signature<P, R> {
  /** Whether, or under which name, it is exported. Default false. */
  readonly export?: boolean | string;
}

/** A variable of a module. As an expression it is its own value. */
export interface GlobalRef<T extends ValueType> extends Expr<T> {
  /** Assigns. Only a mutable global: others make a module that does not compile. */
  set(value: Expr<T>): Statement;
}

/** What a global starts as, and who sees it. */
export interface GlobalOptions {
  readonly mutable?: boolean;
  readonly export?: string;
}

/**
 * Describes a WebAssembly module and encodes it. Parts may be added in any order; `bytes` may be called more than once.
 * Source: WebAssembly core specification 3.0, chapter 5 (binary format).
 */
export class ModuleBuilder {
  readonly #contents: ModuleContents = { functions: [], globals: [], data: [], memory: undefined };
  readonly #shared = new Map<unknown, unknown>();

  /**
   * A function that the host passes in.
   * @param source `[module, name]` of the import.
   */
  importFunction<const P extends readonly ValueType[], const R extends readonly ValueType[]>(
    source: readonly [module: string, name: string],
    signature: Signature<P, R>,
  ): FunctionRef<P, R> {
    return this.#add({ ...entryOf(source.join("."), signature), import: source });
  }

  /**
   * A function of this module. `body` declares locals with `fn.local` and returns the statements, followed by one
   * expression per result.
   * @throws {RangeError} when another function is exported under the same name.
   */
  function<const P extends readonly ValueType[], const R extends readonly ValueType[]>(
    name: string,
    options: FunctionOptions<P, R>,
    body: (fn: FunctionBuilder, ...params: LocalsOf<P>) => BodyOf<R>,
  ): FunctionRef<P, R> {
    const declared = this.declare(name, options);
    declared.define(body);
    return declared.ref;
  }

  /** A function whose body follows later through `define`: for recursion, and functions that call each other. */
  declare<const P extends readonly ValueType[], const R extends readonly ValueType[]>(
    name: string,
    options: FunctionOptions<P, R>,
  ): {
    readonly ref: FunctionRef<P, R>;
    define(body: (fn: FunctionBuilder, ...params: LocalsOf<P>) => BodyOf<R>): void;
  } {
    const entry: FunctionEntry = entryOf(name, options);
    const exported = options.export === true ? name : options.export;
    if (exported) {
      this.#refuseTwice(exported);
      entry.export = exported;
    }
    return {
      ref: this.#add<P, R>(entry),
      define: (body) => {
        const fn = new FunctionBuilder(options.params.length);
        const params = options.params.map((type, index) => new Local(type, fn, () => index));
        const nodes = body(fn, ...(params as unknown as LocalsOf<P>)) as readonly { emit(code: CodeWriter): void }[];
        entry.encode = () => fn.encode(this.#contents, nodes);
      },
    };
  }

  /** The memory of the module, its own or imported. @throws {RangeError} on a second one or sizes out of range. */
  memory(options: MemoryOptions): void {
    if (this.#contents.memory) throw new RangeError("a module has one memory; this one has it already");
    const { minimum, maximum, shared = false } = options;
    if (!isPageCount(minimum))
      throw new RangeError(`minimum must be an integer from 0 to 65536 pages; received ${minimum}`);
    if (maximum !== undefined && !(isPageCount(maximum) && maximum >= minimum)) {
      throw new RangeError(`maximum must be an integer from ${minimum} to 65536 pages; received ${maximum}`);
    }
    if (shared && maximum === undefined) throw new RangeError("a shared memory needs a maximum");
    if (options.export !== undefined) this.#refuseTwice(options.export);
    const memory: MemoryEntry = { minimum, maximum, shared, import: options.import, export: options.export };
    this.#contents.memory = memory;
  }

  /** A variable of the module that starts at `initial`, a constant. */
  global<T extends ValueType>(
    initial: Expr<T>,
    { mutable = true, export: exported }: GlobalOptions = {},
  ): GlobalRef<T> {
    if (exported !== undefined) this.#refuseTwice(exported);
    const entry: GlobalEntry = { type: initial.type, initial, mutable, export: exported };
    const index = this.#contents.globals.push(entry) - 1;
    const value = expression(initial.type, (code) => {
      code.checkModule(this.#contents, "a global");
      code.byte(0x23);
      code.u32(index);
    });
    return {
      ...value,
      set: (next) =>
        statement((code) => {
          next.emit(code);
          code.checkModule(this.#contents, "a global");
          code.byte(0x24);
          code.u32(index);
        }),
    };
  }

  /** Bytes that memory holds from `offset` on when the module is instantiated. */
  data(offset: number, bytes: Uint8Array): void {
    if (!(Number.isInteger(offset) && offset >= 0 && offset + bytes.length <= 2 ** 32)) {
      throw new RangeError(`data must lie within 4 GiB; received offset ${offset} and ${bytes.length} bytes`);
    }
    this.#contents.data.push({ offset, bytes: bytes.slice() });
  }

  /** What `make` returned when first called with this key: a function that several kernels use is added once. */
  once<T>(key: unknown, make: () => T): T {
    if (!this.#shared.has(key)) this.#shared.set(key, make());
    return this.#shared.get(key) as T;
  }

  /** The module in the binary format. @throws {TypeError} when a declared function has no body. */
  bytes(): Uint8Array<ArrayBuffer> {
    const writer = new ByteWriter();
    encodeModule(writer, this.#contents);
    return writer.toBytes();
  }

  /** Compiles the module here and now. @throws what the host throws for an invalid module, or where it has no WebAssembly. */
  compile(): WasmModule {
    const { Module } = webAssembly();
    return new Module(this.bytes());
  }

  #add<P extends readonly ValueType[], R extends readonly ValueType[]>(entry: FunctionEntry): FunctionRef<P, R> {
    this.#contents.functions.push(entry);
    const { params, results, name } = entry;
    const call = (...args: readonly Expr<ValueType>[]) => {
      if (args.length !== params.length) {
        throw new TypeError(`${name} takes ${params.length} arguments; received ${args.length}`);
      }
      const type = results.length === 0 ? "void" : results.length === 1 ? results[0]! : "multi";
      const emit = (code: CodeWriter) => {
        for (const argument of args) argument.emit(code);
        code.checkModule(this.#contents, `function ${name}`);
        code.byte(0x10);
        code.u32(entry.index);
      };
      return { type, results, emit };
    };
    const ref = Object.assign(call, { signature: { params, results }, functionName: name });
    return ref as unknown as FunctionRef<P, R>;
  }

  #refuseTwice(name: string): void {
    const { functions, globals, memory } = this.#contents;
    if ([...functions, ...globals, memory].some((entry) => entry?.export === name)) {
      throw new RangeError(`an export's name must be free; received ${JSON.stringify(name)}, which is taken`);
    }
  }
}

function entryOf(
  name: string,
  { params, results }: Signature<readonly ValueType[], readonly ValueType[]>,
): FunctionEntry {
  return { name, params, results, index: -1, import: undefined, export: undefined, encode: undefined };
}

function isPageCount(pages: number): boolean {
  return Number.isInteger(pages) && pages >= 0 && pages <= 65536;
}
