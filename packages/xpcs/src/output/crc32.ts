const TABLE: Uint32Array = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value >>> 0;
});

/** CRC-32 of zip archives (polynomial 0xEDB88320, reflected) of all parts in turn. */
export function crc32(...parts: readonly Uint8Array[]): number {
  let crc = 0xffffffff;
  for (const part of parts) {
    for (let k = 0; k < part.length; k++) crc = (crc >>> 8) ^ TABLE[(crc ^ part[k]!) & 0xff]!;
  }
  return ~crc >>> 0;
}
