import fc from "fast-check";
import { expect, test } from "vitest";
import { ByteWriter } from "../src/byte-writer.ts";

/** Independent decoder: sums 7-bit groups, then takes the sign from the last group's bit 6. */
function decode(bytes: Uint8Array, signed: boolean): bigint {
  let value = 0n;
  bytes.forEach((byte, k) => {
    value += BigInt(byte & 0x7f) << BigInt(7 * k);
    expect(byte >= 0x80).toBe(k < bytes.length - 1);
  });
  return signed && bytes.at(-1)! & 0x40 ? value - (1n << BigInt(7 * bytes.length)) : value;
}

/** Fewest 7-bit groups that hold the value. */
function shortest(value: bigint, signed: boolean): number {
  for (let groups = 1; ; groups++) {
    const bits = BigInt(7 * groups);
    if (signed ? BigInt.asIntN(Number(bits), value) === value : value < 1n << bits) return groups;
  }
}

function written(write: (writer: ByteWriter) => void): Uint8Array {
  const writer = new ByteWriter();
  write(writer);
  return writer.toBytes();
}

test("unsigned LEB128 is shortest and decodes to the value", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 32 }), fc.nat(0xffffffff), (shift, raw) => {
      const value = Math.floor(raw / 2 ** shift);
      const bytes = written((writer) => writer.u32(value));
      expect(decode(bytes, false)).toBe(BigInt(value));
      expect(bytes.length).toBe(shortest(BigInt(value), false));
    }),
    { numRuns: 2000, seed: 1 },
  );
});

test("signed LEB128 is shortest and decodes to the value, 32 and 64 bits", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 63 }),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      (shift, raw) => {
        const value = raw >> BigInt(shift);
        const bytes = written((writer) => writer.s64(value));
        expect(decode(bytes, true)).toBe(value);
        expect(bytes.length).toBe(shortest(value, true));
        const narrow = Number(BigInt.asIntN(32, value));
        const narrowBytes = written((writer) => writer.s32(narrow));
        expect(decode(narrowBytes, true)).toBe(BigInt(narrow));
        expect(narrowBytes.length).toBe(shortest(BigInt(narrow), true));
      },
    ),
    { numRuns: 2000, seed: 2 },
  );
});

test("integers that do not fit are refused", () => {
  for (const value of [-1, 2 ** 32, 0.5, Number.NaN]) expect(() => written((w) => w.u32(value))).toThrow(RangeError);
  for (const value of [-(2 ** 31) - 1, 2 ** 32, 0.5]) expect(() => written((w) => w.s32(value))).toThrow(RangeError);
  for (const value of [-(2n ** 63n) - 1n, 2n ** 64n]) expect(() => written((w) => w.s64(value))).toThrow(RangeError);
});

test("names are UTF-8 with their length in bytes; a lone surrogate becomes U+FFFD", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 40 }), (text) => {
      const utf8 = new TextEncoder().encode(text);
      expect([...written((writer) => writer.name(text))]).toEqual([...written((w) => w.u32(utf8.length)), ...utf8]);
    }),
    { numRuns: 500, seed: 3 },
  );
  expect([...written((writer) => writer.name("\ud800"))]).toEqual([3, 0xef, 0xbf, 0xbd]);
});

test("grows past its first buffer", () => {
  const bytes = Uint8Array.from({ length: 10_000 }, (_, k) => k % 251);
  const copy = written((writer) => {
    for (const byte of bytes.subarray(0, 5000)) writer.byte(byte);
    writer.raw(bytes.subarray(5000));
  });
  expect(copy).toEqual(bytes);
});
