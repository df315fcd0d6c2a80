/** The product's mark: three lines of flow. */

export function Mark() {
  return (
    <svg
      width="22"
      height="22"
      viewBox="0 0 24 24"
      fill="none"
      stroke="var(--accent)"
      strokeWidth="2.2"
      strokeLinecap="round"
      aria-hidden
    >
      <path d="M3 7c3-2.6 6-2.6 9 0s6 2.6 9 0" />
      <path d="M3 12.3c3-2.6 6-2.6 9 0s6 2.6 9 0" opacity="0.75" />
      <path d="M3 17.6c3-2.6 6-2.6 9 0s6 2.6 9 0" opacity="0.5" />
    </svg>
  );
}
