/** What values a coordinate of a state takes. Positions hold numbers in any case: integers, and 0 or 1 for booleans. */
export type CoordinateKind =
  | { readonly kind: "real" }
  | {
      readonly kind: "integer";
      /** Smallest value, possibly −∞. */
      readonly lower: number;
      /** Largest value, possibly ∞. */
      readonly upper: number;
    }
  | { readonly kind: "boolean" };

export const REAL: CoordinateKind = { kind: "real" };
