const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const CODES: Uint8Array = Uint8Array.from(ALPHABET, (character) => character.charCodeAt(0));
const PADDING = 61;
/** Codes turned into text at once; below the argument limit of every engine. */
const CHUNK = 8192;

/** Base64 with padding (RFC 4648, section 4), without the Node and DOM functions for it. */
export function base64(bytes: Uint8Array): string {
  const codes = new Uint8Array(4 * Math.ceil(bytes.length / 3));
  let at = 0;
  for (let i = 0; i < bytes.length; i += 3) {
    const word = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    codes[at++] = CODES[word >>> 18]!;
    codes[at++] = CODES[(word >>> 12) & 63]!;
    codes[at++] = i + 1 < bytes.length ? CODES[(word >>> 6) & 63]! : PADDING;
    codes[at++] = i + 2 < bytes.length ? CODES[word & 63]! : PADDING;
  }
  let text = "";
  for (let start = 0; start < codes.length; start += CHUNK) {
    text += String.fromCharCode(...codes.subarray(start, start + CHUNK));
  }
  return text;
}
