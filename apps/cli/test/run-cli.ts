import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { main } from "../src/index.ts";

export interface CliOutcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

class Sink extends Writable {
  text = "";

  override _write(chunk: Buffer | string, _encoding: BufferEncoding, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

/** Runs the command in this process and keeps what it prints. */
export async function runCli(...words: string[]): Promise<CliOutcome> {
  const [out, err] = [new Sink(), new Sink()];
  const code = await main(words, { out, err });
  return { code, out: out.text, err: err.text };
}

/** A folder of the test's own, removed with `using`. */
export function scratchFolder(): { readonly path: string; [Symbol.dispose](): void } {
  const path = mkdtempSync(join(tmpdir(), "siegert-cli-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}
