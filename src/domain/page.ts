/** A stretch of a list, newest first. */
export interface Page {
  /** How many, 1 to 100. */
  readonly first: number;
  /** Id of the last one of the stretch before; null: from the newest. */
  readonly after: string | null;
}

/** When the rows of a list were written, by `createdAt`. A side that is missing or null is open. */
export interface CreatedRange {
  /** The first moment that counts. */
  readonly from?: Date | null;
  /** The first moment that counts no more. */
  readonly before?: Date | null;
}
