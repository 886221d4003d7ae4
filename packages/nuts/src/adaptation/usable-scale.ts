/** A standard deviation whose square neither over- nor underflows, or the other one. */
export function usable(scale: number, otherwise: number): number {
  return scale > 1e-150 && scale < 1e150 ? scale : otherwise;
}
