export { InvalidArgumentError } from "./invalid-argument-error.ts";
export { nearest } from "./nearest.ts";
export { SiegertError } from "./siegert-error.ts";
