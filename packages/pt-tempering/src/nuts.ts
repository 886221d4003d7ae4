export { type HmcSettings, hmc, type NutsSettings, nuts } from "./nuts/hamiltonian-choice.ts";
export { makeHamiltonian } from "./nuts/hamiltonian-kernel.ts";
