/** URL of the module with `createPosterior`, for other threads; the build replaces the name by that of the compiled file. */
export function posteriorAddress(): string {
  return new URL("./xpcs-posterior.ts", import.meta.url).href;
}
