import { createHash } from "node:crypto";
import type { AuditEntry } from "./audit.js";

/** A line of the audit log. */
export interface AuditRow extends Omit<AuditEntry, "action"> {
  readonly id: number;
  readonly at: Date;
  readonly action: string;
  /** Its place in the chain, from 1; null until it is sealed. */
  readonly position: number | null;
  /** Of this row and the hash before it, in hexadecimal; null until it is sealed. */
  readonly hash: string | null;
}

/** What stands before the first row of the chain. */
export const FIRST_HASH = "0".repeat(64);

/** The hash of a row at a place of the chain: SHA-256 over the hash before it and the row's canonical JSON. */
export function chainHash(previous: string, position: number, row: Omit<AuditRow, "position" | "hash">): string {
  const { id, at, tenant, subject, requestId, action, target, outcome, reason, recipient } = row;
  const who = [tenant, subject, requestId];
  const what = [action, target, outcome, reason, recipient];
  const canonical = JSON.stringify([position, id, at.toISOString(), ...who, ...what]);
  return createHash("sha256").update(`${previous}\n${canonical}`).digest("hex");
}

/** Which rows to list. Every part that is given narrows the list. */
export interface AuditFilter {
  readonly tenant: string | null;
  /** Our id of a card: what was done to it and to its order. */
  readonly cardId: string | null;
}

/** The audit log as it is sealed and read. */
export interface AuditTrail {
  /** Gives up to `limit` committed rows their places in the chain, oldest first. Resolves with how many. */
  seal(limit: number): Promise<number>;
  /** Up to `limit` sealed rows above a place, in the order of the chain. */
  sealedAfter(position: number, limit: number): Promise<readonly AuditRow[]>;
  /** Newest first, up to `limit`, those that are not sealed yet included. */
  list(filter: AuditFilter, limit: number): Promise<readonly AuditRow[]>;
}
