/** Several lists of numbers as one: each after its length. */
export function packParts(parts: readonly (readonly number[])[]): number[] {
  return parts.flatMap((part) => [part.length, ...part]);
}

export function unpackParts(packed: readonly number[]): number[][] {
  const parts: number[][] = [];
  for (let at = 0; at < packed.length; ) {
    const length = packed[at++]!;
    parts.push(packed.slice(at, at + length));
    at += length;
  }
  return parts;
}
