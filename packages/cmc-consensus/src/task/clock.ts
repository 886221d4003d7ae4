interface Host {
  readonly performance: { now(): number };
}

/** Milliseconds from an arbitrary origin; decides what is reported, never what is drawn. */
export function nowMs(): number {
  return (globalThis as unknown as Host).performance.now();
}
