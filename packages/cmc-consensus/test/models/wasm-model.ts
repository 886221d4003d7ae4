import type { WasmTarget } from "@siegert/log-density";
import { linearModel } from "./linear-model.ts";

const section = (id: number, ...content: number[]) => [id, content.length, ...content];
const load = (local: number, offset: number) => [0x20, local, 0x2b, 3, offset];
const datum = (offset: number) => [0x41, 0, 0x2b, 3, offset];
const multiply = 0xa2;
const add = 0xa0;

/** gradient = b − precision · position of one coordinate; value = ½ position (gradient + b), summed over both. */
const gradientOf = (i: number) => [...datum(64 + 8 * i), ...datum(80 + 8 * i), ...load(0, 8 * i), multiply, 0xa1];
const halfValueOf = (i: number) => [...load(0, 8 * i), ...load(1, 8 * i), ...datum(64 + 8 * i), add, multiply];
const body = [0, 0x20, 1, ...gradientOf(0), 0x39, 3, 0, 0x20, 1, ...gradientOf(1), 0x39, 3, 8];
const code = [...body, ...halfValueOf(0), ...halfValueOf(1), add, 0x44, 0, 0, 0, 0, 0, 0, 0xe0, 0x3f, multiply, 0x0b];
const name = (text: string) => [text.length, ...new TextEncoder().encode(text)];

/** Two independent normal coordinates, with b at address 64 and precisions at address 80. */
const normalModule = Uint8Array.from([
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...section(1, 1, 0x60, 2, 0x7f, 0x7f, 1, 0x7c),
  ...section(3, 1, 0),
  ...section(5, 1, 0, 1),
  ...section(7, 2, ...name("logDensityAndGradient"), 0, 0, ...name("memory"), 2, 0),
  ...section(10, 1, code.length, ...code),
]);

/** Shards that share a WebAssembly module and have data of their own. */
export function wasmModel() {
  const { points, coordinates } = linearModel();
  return {
    points,
    coordinates,
    shard(list: Uint32Array, priorPower: Float64Array): WasmTarget {
      const precision = Float64Array.from(priorPower, (power) => list.length + power);
      const b = Float64Array.of(
        list.reduce((sum, point) => sum + (point % 3) - 1, 0),
        0.5 * list.length,
      );
      return {
        kind: "wasm",
        dim: 2,
        bytes: normalModule.slice(),
        positionAt: 0,
        gradientAt: 16,
        data: [
          { at: 64, bytes: new Uint8Array(b.buffer) },
          { at: 80, bytes: new Uint8Array(precision.buffer) },
        ],
      };
    },
  };
}
