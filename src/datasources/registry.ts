import type { Registration } from "../domain/registration.js";
import { pagsmile } from "./pagsmile/index.js";
import { prepaidify } from "./prepaidify/index.js";

/** Every provider this server can speak to: one line each. */
export const REGISTRY: readonly Registration[] = [pagsmile as Registration, prepaidify as Registration];
