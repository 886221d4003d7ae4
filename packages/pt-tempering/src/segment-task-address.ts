/** URL of the module that workers run; the build replaces the name by that of the compiled file. */
export function segmentTaskAddress(): string {
  const here = (import.meta as unknown as { readonly url: string }).url;
  const Url = (globalThis as unknown as { readonly URL: new (path: string, base: string) => { readonly href: string } })
    .URL;
  return new Url("./segment-task.ts", here).href;
}
