/** Where a command writes: results to `out`, everything meant for a person at work to `err`. */
export interface Streams {
  readonly out: NodeJS.WritableStream;
  readonly err: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
}

/** Writes one line. */
export function line(stream: NodeJS.WritableStream, text = ""): void {
  stream.write(`${text}\n`);
}
