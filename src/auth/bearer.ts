import { Unauthenticated } from "../domain/identity.js";

/** Longer than any token that anybody should send. */
const MAX_LENGTH = 8_192;
const BEARER = /^Bearer +([\x21-\x7e]+)$/i;

/** The token of an `Authorization: Bearer` header. Throws {@link Unauthenticated} when there is none. */
export function bearerToken(authorization: string | undefined): string {
  if (!authorization) throw new Unauthenticated("missing");
  const token = authorization.length <= MAX_LENGTH ? BEARER.exec(authorization)?.[1] : undefined;
  if (token === undefined) throw new Unauthenticated("invalid");
  return token;
}
