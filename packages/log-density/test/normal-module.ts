/**
 * A WebAssembly module of a normal density in two dimensions, byte by byte; the precision of the second is at address
 * 64.
 */

const section = (id: number, ...content: number[]) => [id, content.length, ...content];
const name = (text: string) => [text.length, ...new TextEncoder().encode(text)];
const load = (local: number, offset: number) => [0x20, local, 0x2b, 3, offset];
const gradientStore = (offset: number, value: number[]) => [0x20, 1, ...value, 0x39, 3, offset];
const precision = [0x41, 0, 0x2b, 3, 64];
const body = [
  ...gradientStore(0, [...load(0, 0), 0x9a]),
  ...gradientStore(8, [...load(0, 8), 0x9a, ...precision, 0xa2]),
  // ½ (x₀ g₀ + x₁ g₁)
  ...[...load(0, 0), ...load(1, 0), 0xa2, ...load(0, 8), ...load(1, 8), 0xa2, 0xa0],
  ...[0x44, 0, 0, 0, 0, 0, 0, 0xe0, 0x3f, 0xa2],
];

function moduleBytes(imports: number[], memory: number[], exports: number[]): Uint8Array {
  const code = [0, ...body, 0x0b];
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, 1, 0x60, 2, 0x7f, 0x7f, 1, 0x7c),
    ...imports,
    ...section(3, 1, 0),
    ...memory,
    ...exports,
    ...section(10, 1, code.length, ...code),
  ]);
}

/** With a memory of its own. */
export const normalBytes = moduleBytes(
  [],
  section(5, 1, 0, 1),
  section(7, 2, ...name("logDensityAndGradient"), 0, 0, ...name("memory"), 2, 0),
);

/** With a memory from env.memory, and the function under another name. */
export const normalBytesWithImport = moduleBytes(
  section(2, 1, ...name("env"), ...name("memory"), 2, 0, 1),
  [],
  section(7, 1, ...name("f"), 0, 0),
);
