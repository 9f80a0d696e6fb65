import { type Actor, auditedSubject } from "../domain/audit.js";
import type { RequestContext } from "./context.js";

/** Who asks, as the audit log names them. */
export function actorOf({ identity, requestId }: Pick<RequestContext, "identity" | "requestId">): Actor {
  return { subject: auditedSubject(identity.subject), requestId };
}
