/**
 * The value below which a share of the samples lies. NaN without samples.
 * @param {ArrayLike<number>} sorted Samples, ascending.
 * @param {number} share From 0 to 1.
 */
export function quantile(sorted, share) {
  return sorted.length === 0 ? Number.NaN : sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

/**
 * Median, least and largest of a few rounds.
 * @param {readonly number[]} rounds
 */
export function summarise(rounds) {
  const sorted = [...rounds].sort((left, right) => left - right);
  const middle = sorted.length / 2;
  const median = sorted.length % 2 === 0 ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[Math.floor(middle)];
  return { median, min: sorted[0], max: sorted.at(-1), rounds };
}
