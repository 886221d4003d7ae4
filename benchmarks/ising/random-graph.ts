import { createRandom } from "@siegert/random";

/** A graph in which all nodes have as many neighbours: stubs are paired, bad pairs by exchange with good ones. */
export function randomRegularGraph(nodes: number, degree: number, seed: number): number[][] {
  const random = createRandom(seed, "random-regular", nodes, degree);
  const stubs = random.permutation(nodes * degree).map((stub) => Math.floor(stub / degree));
  const key = (k: number) => {
    const [i, j] = [stubs[2 * k]!, stubs[2 * k + 1]!];
    return Math.min(i, j) * nodes + Math.max(i, j);
  };
  const pairs = (nodes * degree) / 2;
  for (let bad = true; bad; ) {
    bad = false;
    const seen = new Set<number>();
    for (let k = 0; k < pairs; k++) {
      if (stubs[2 * k] !== stubs[2 * k + 1] && !seen.has(key(k))) {
        seen.add(key(k));
        continue;
      }
      bad = true;
      const other = 2 * random.integer(pairs);
      [stubs[2 * k + 1], stubs[other]] = [stubs[other]!, stubs[2 * k + 1]!];
    }
  }
  return Array.from({ length: pairs }, (_, k) => [stubs[2 * k]!, stubs[2 * k + 1]!, random.normal()]);
}
