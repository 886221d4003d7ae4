import { readAxis } from "./figure-reading.ts";
import { normals } from "./simulated-fit.ts";

/** Chains of independent normal draws. */
export function normalChains(chains: number, draws: number): Float64Array[] {
  const all = normals(chains * draws);
  return Array.from({ length: chains }, (_, k) => Float64Array.from(all.slice(k * draws, (k + 1) * draws)));
}

/** The points of a path of straight lines, in data coordinates; M begins a new stretch. */
export function pathPoints(root: Element, path: Element): [number, number][][] {
  const [x, y] = [readAxis(root, "x"), readAxis(root, "y")];
  const stretches = (path.getAttribute("d") ?? "").replace(/Z$/, "").split("M").slice(1);
  return stretches.map((stretch) =>
    stretch.split("L").map((point): [number, number] => {
      const [px, py] = point.split(" ").map(Number) as [number, number];
      return [x(px), y(py)];
    }),
  );
}
