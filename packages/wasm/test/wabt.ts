import loadWabt from "wabt";

const wabt = await loadWabt();
const features = { simd: true, relaxed_simd: true, threads: true, bulk_memory: true, multi_value: true };

/** The binary that wabt makes of a module in the text format. Its validation knows no shared memory. */
export function assemble(text: string, isValidated = true): Uint8Array {
  const module = wabt.parseWat("reference.wat", text, features);
  if (isValidated) module.validate();
  const { buffer } = module.toBinary({ write_debug_names: false });
  module.destroy();
  return buffer;
}

/** The text of a binary module, after wabt has validated it. */
export function disassemble(bytes: Uint8Array): string {
  const module = wabt.readWasm(bytes, { ...features, readDebugNames: true });
  module.validate();
  const text = module.toText({ foldExprs: false, inlineExport: false });
  module.destroy();
  return text;
}

/** Contents of the sections of a binary module, by number; custom sections are left out. */
export function sectionsOf(bytes: Uint8Array): Map<number, number[]> {
  const sections = new Map<number, number[]>();
  for (let at = 8; at < bytes.length; ) {
    const id = bytes[at++]!;
    let size = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++]!;
      size |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    if (id !== 0) sections.set(id, [...bytes.subarray(at, at + size)]);
    at += size;
  }
  return sections;
}
