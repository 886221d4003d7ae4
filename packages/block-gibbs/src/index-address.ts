/** URL of the module that makes problems on other threads; the build replaces the name by that of the compiled file. */
export function indexAddress(): string {
  const here = (import.meta as unknown as { readonly url: string }).url;
  const Url = (globalThis as unknown as { readonly URL: new (path: string, base: string) => { readonly href: string } })
    .URL;
  return new Url("./index.ts", here).href;
}
