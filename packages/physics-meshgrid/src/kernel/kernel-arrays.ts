/** Where a model keeps what the kernels of a tile read and add to. */
export interface KernelArrays {
  /** Factors per frame and sums per frame: components one after the other, each `padded` long. */
  readonly row: Float64Array;
  readonly column: Float64Array;
  readonly rowSums: Float64Array;
  readonly columnSums: Float64Array;
  /** The factors of the tile that is set; as many as the model has, at most four. */
  readonly tileFactors: Float64Array;
  /** Whether the kernel leaves the contrast out of the column sums. */
  readonly columnsLackContrast: boolean;
}
