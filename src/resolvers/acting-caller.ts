import { type ActingCaller, auditedSubject } from "../domain/audit.js";
import type { RequestContext } from "./context.js";

/** Who asks for a change, and as whom the audit log names them. */
export function actingCaller({ identity, requestId }: Pick<RequestContext, "identity" | "requestId">): ActingCaller {
  const { tenant, scopes, subject } = identity;
  return { tenant, scopes, actor: { subject: auditedSubject(subject), requestId } };
}
