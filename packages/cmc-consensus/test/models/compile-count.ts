import { compileCount } from "@siegert/log-density";

/** How many modules the worker has compiled; takes a while, so that two such tasks go to two workers. */
export async function count(): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 200));
  return compileCount();
}
