/** URL of the module that makes Hamiltonian explorers on other threads; the build replaces the name by the compiled file's. */
export function nutsAddress(): string {
  const here = (import.meta as unknown as { readonly url: string }).url;
  const Url = (globalThis as unknown as { readonly URL: new (path: string, base: string) => { readonly href: string } })
    .URL;
  return new Url("./nuts.ts", here).href;
}
