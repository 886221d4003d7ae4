import { InvalidArgumentError } from "@siegert/errors";
import type { LogDensity } from "./log-density.ts";
import type { NamedLogDensity } from "./named-log-density.ts";
import type { WasmTarget } from "./portable.ts";
import { compiledModule, type WasmMemory as Memory, type WasmHost } from "./wasm-modules.ts";

type Evaluate = (positionAt: number, gradientAt: number) => number;

/**
 * Compiles the module, writes its data, and wraps it. @throws {InvalidArgumentError} when the module is not as
 * described.
 */
export async function instantiateWasm(target: WasmTarget): Promise<LogDensity> {
  const { dim, positionAt, gradientAt, data = [], memoryImport } = target;
  if (!(Number.isSafeInteger(dim) && dim > 0)) {
    throw new InvalidArgumentError("target.dim", "be a positive integer", dim);
  }
  const host = (globalThis as unknown as { readonly WebAssembly?: WasmHost }).WebAssembly;
  if (!host) throw new InvalidArgumentError("target.kind", 'not be "wasm" on a host without WebAssembly', target.kind);
  const made = memoryImport && new host.Memory({ initial: memoryImport.pages });
  const imports = memoryImport && made ? { [memoryImport.module]: { [memoryImport.name]: made } } : {};
  const instance = await host.instantiate(await compiledModule(host, target.bytes), imports);
  const name = target.function ?? "logDensityAndGradient";
  const evaluate = instance.exports[name];
  if (typeof evaluate !== "function")
    throw new InvalidArgumentError("target.function", "be exported by the module", name);
  const memory = made ?? (instance.exports["memory"] as Memory | undefined);
  if (!memory) {
    throw new InvalidArgumentError("target.memoryImport", "be given for a module that exports no memory", memoryImport);
  }
  for (const [k, { at, bytes }] of data.entries()) {
    checkRoom(`target.data[${k}].at`, at, bytes.length, 1, memory);
    new Uint8Array(memory.buffer).set(bytes, at);
  }
  checkRoom("target.positionAt", positionAt, 8 * dim, 8, memory);
  checkRoom("target.gradientAt", gradientAt, 8 * dim, 8, memory);
  const density = new WasmDensity(dim, evaluate as Evaluate, memory, positionAt, gradientAt);
  return target.parameters ? withNames(density, target.parameters) : density;
}

class WasmDensity implements LogDensity {
  readonly dim: number;
  readonly #evaluate: Evaluate;
  readonly #memory: Memory;
  readonly #positionAt: number;
  readonly #gradientAt: number;
  #position: Float64Array;
  #gradient: Float64Array;

  constructor(dim: number, evaluate: Evaluate, memory: Memory, positionAt: number, gradientAt: number) {
    this.dim = dim;
    this.#evaluate = evaluate;
    this.#memory = memory;
    this.#positionAt = positionAt;
    this.#gradientAt = gradientAt;
    this.#position = new Float64Array(memory.buffer, positionAt, dim);
    this.#gradient = new Float64Array(memory.buffer, gradientAt, dim);
  }

  logDensity(position: Float64Array): number {
    // The views are lost when the module's memory grows.
    if (this.#position.length === 0) this.#view();
    this.#position.set(position);
    const value = this.#evaluate(this.#positionAt, this.#gradientAt);
    if (this.#position.length === 0) this.#view();
    return value;
  }

  logDensityAndGradient(position: Float64Array, gradient: Float64Array): number {
    const value = this.logDensity(position);
    gradient.set(this.#gradient);
    return value;
  }

  #view(): void {
    this.#position = new Float64Array(this.#memory.buffer, this.#positionAt, this.dim);
    this.#gradient = new Float64Array(this.#memory.buffer, this.#gradientAt, this.dim);
  }
}

/** The coordinates are the parameters themselves. */
function withNames(density: LogDensity, parameters: NonNullable<WasmTarget["parameters"]>): NamedLogDensity {
  const size = parameters.reduce((sum, { shape }) => sum + shape.reduce((product, length) => product * length, 1), 0);
  if (size !== density.dim) {
    throw new InvalidArgumentError("target.parameters", `have ${density.dim} entries in all`, size);
  }
  return {
    dim: density.dim,
    parameters,
    constrainedDim: size,
    logDensity: (position) => density.logDensity(position),
    logDensityAndGradient: (position, gradient) => density.logDensityAndGradient(position, gradient),
    constrain(position, values) {
      values.set(position);
      return values;
    },
    unconstrain(values, position) {
      position.set(values);
      return position;
    },
  };
}

function checkRoom(argument: string, at: number, length: number, alignment: number, memory: Memory): void {
  const isInside = Number.isSafeInteger(at) && at >= 0 && at + length <= memory.buffer.byteLength;
  if (!isInside || at % alignment !== 0) {
    const where = `be an address with ${length} bytes of the memory's ${memory.buffer.byteLength} after it`;
    throw new InvalidArgumentError(argument, alignment > 1 ? `${where}, a multiple of ${alignment}` : where, at);
  }
}
