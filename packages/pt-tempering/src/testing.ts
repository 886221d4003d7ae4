export {
  type InvarianceOptions,
  type InvarianceReport,
  type InvarianceRow,
  testInvariance,
} from "./testing/invariance.ts";
export { kolmogorovSmirnov } from "./testing/kolmogorov-smirnov.ts";
