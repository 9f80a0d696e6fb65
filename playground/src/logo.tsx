/** The Cardgraph mark: a card whose face is a small graph. */
export function Logo({ size }: { readonly size: number }) {
  return (
    <svg className="cardgraph-mark" width={size} height={size * 0.72} viewBox="2 6 28 20" aria-hidden="true">
      <rect x="2" y="6" width="28" height="20" rx="4" />
      <path d="M9 19.5 16 12l7 7.5" />
      <circle cx="9" cy="19.5" r="2.4" />
      <circle cx="16" cy="12" r="2.4" />
      <circle cx="23" cy="19.5" r="2.4" />
    </svg>
  );
}
