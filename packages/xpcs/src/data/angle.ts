/** The angle in (−180, 180], degrees. */
export function normalizeAngle(angle: number): number {
  const turned = ((angle % 360) + 360) % 360;
  return turned > 180 ? turned - 360 : turned;
}

/** Distance between two angles on the circle, in [0, 180] degrees. */
export function angleDistance(a: number, b: number): number {
  return Math.abs(normalizeAngle(a - b));
}
