/**
 * Numbers of the pairs of frames i < j: angle by angle, within an angle row by row of the earlier frame. Every pair has one
 * number from 0 to `points` − 1.
 */
export class PairNumbering {
  /** First frame that counts. */
  readonly first: number;
  readonly angles: number;
  /** Pairs of one angle. */
  readonly perAngle: number;
  readonly points: number;
  readonly #counted: number;

  /**
   * @param frames of a map.
   * @param first first frame that counts.
   */
  constructor(frames: number, first: number, angles: number) {
    this.first = first;
    this.angles = angles;
    this.#counted = frames - first;
    this.perAngle = (this.#counted * (this.#counted - 1)) / 2;
    this.points = angles * this.perAngle;
  }

  /** The angle of a pair, from 0. */
  angleOf(point: number): number {
    return Math.floor(point / this.perAngle);
  }

  /**
   * Writes the frames and angles of pairs, given by their numbers in ascending order.
   *
   * @param i,j,angle of the length of `points`; overwritten.
   */
  locate(points: Uint32Array, i: Int32Array, j: Int32Array, angle: Int32Array): void {
    const last = this.#counted - 1;
    let a = -1;
    let angleEnd = 0;
    let row = 0;
    let rowStart = 0;
    let rowEnd = 0;
    for (let k = 0; k < points.length; k++) {
      const point = points[k]!;
      if (point >= angleEnd) {
        a = this.angleOf(point);
        angleEnd = (a + 1) * this.perAngle;
        rowEnd = 0;
      }
      const within = point - a * this.perAngle;
      if (within >= rowEnd) {
        row = this.#rowOf(within);
        rowStart = row * last - (row * (row - 1)) / 2;
        rowEnd = rowStart + last - row;
      }
      i[k] = this.first + row;
      j[k] = this.first + row + 1 + (within - rowStart);
      angle[k] = a;
    }
  }

  /** Row r begins at r·(n − 1) − r(r − 1)/2; the root of that, set right where rounding led beside it. */
  #rowOf(within: number): number {
    const last = this.#counted - 1;
    const b = 2 * last + 1;
    let row = Math.floor((b - Math.sqrt(b * b - 8 * within)) / 2);
    while (row > 0 && row * last - (row * (row - 1)) / 2 > within) row--;
    while ((row + 1) * last - ((row + 1) * row) / 2 <= within) row++;
    return row;
  }
}
