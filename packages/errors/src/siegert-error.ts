/**
 * Base of every error that Siegert throws on purpose: its message is one line that a user can act on,
 * so an application may print it alone and leave the stack trace to unexpected errors.
 */
export class SiegertError extends Error {
  override readonly name: string = "SiegertError";
}
