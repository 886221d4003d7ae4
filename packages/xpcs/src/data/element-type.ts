/** How the numbers of an array are stored. */
export interface ElementType {
  /** Bytes per element. */
  readonly size: number;
  /**
   * Decodes `count` elements of `raw`, from element `first` in steps of `step`, into `out` from `outFirst` in steps of
   * `outStep`.
   *
   * @returns false when a complex element has an imaginary part.
   */
  decode(
    raw: Uint8Array,
    first: number,
    count: number,
    step: number,
    out: Float64Array,
    outFirst: number,
    outStep: number,
  ): boolean;
}

type Getter = (view: DataView, offset: number, isLittle: boolean) => number;

const GETTERS: Readonly<Record<string, Getter>> = {
  f2: (view, offset, isLittle) => halfFloat(view.getUint16(offset, isLittle)),
  f4: (view, offset, isLittle) => view.getFloat32(offset, isLittle),
  f8: (view, offset, isLittle) => view.getFloat64(offset, isLittle),
  i1: (view, offset) => view.getInt8(offset),
  i2: (view, offset, isLittle) => view.getInt16(offset, isLittle),
  i4: (view, offset, isLittle) => view.getInt32(offset, isLittle),
  i8: (view, offset, isLittle) => Number(view.getBigInt64(offset, isLittle)),
  u1: (view, offset) => view.getUint8(offset),
  u2: (view, offset, isLittle) => view.getUint16(offset, isLittle),
  u4: (view, offset, isLittle) => view.getUint32(offset, isLittle),
  u8: (view, offset, isLittle) => Number(view.getBigUint64(offset, isLittle)),
  b1: (view, offset) => view.getUint8(offset),
};

/** The element type of a NumPy description such as `<f8`, or `undefined` for one that is not numeric. */
export function elementType(descr: string): ElementType | undefined {
  const match = /^([<>|=])([fiubc])(\d+)$/.exec(descr);
  if (match === null) return undefined;
  const [, order, kind, digits] = match;
  const size = Number(digits);
  const isLittle = order !== ">";
  const isComplex = kind === "c";
  const getter = GETTERS[isComplex ? `f${size / 2}` : `${kind}${size}`];
  if (getter === undefined) return undefined;
  return {
    size,
    decode(raw, first, count, step, out, outFirst, outStep) {
      const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
      let isReal = true;
      for (let k = 0; k < count; k++) {
        const offset = (first + k * step) * size;
        out[outFirst + k * outStep] = getter(view, offset, isLittle);
        if (isComplex && getter(view, offset + size / 2, isLittle) !== 0) isReal = false;
      }
      return isReal;
    },
  };
}

function halfFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
