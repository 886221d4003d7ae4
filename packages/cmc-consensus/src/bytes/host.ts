/** What every host of JavaScript has, though the language library does not declare it. */
interface Host {
  readonly TextEncoder: new () => { encode(text: string): Uint8Array };
  readonly TextDecoder: new () => { decode(bytes: Uint8Array): string };
}

const host = globalThis as unknown as Host;

/** UTF-8 bytes of a text. */
export function utf8(text: string): Uint8Array {
  return new host.TextEncoder().encode(text);
}

/** The text of UTF-8 bytes. */
export function textOf(bytes: Uint8Array): string {
  return new host.TextDecoder().decode(bytes);
}
