/** The mark: two rings on one line. It breathes while oO is choosing. */
export function Mark({ breathing = false, size = 22 }: { breathing?: boolean; size?: number }) {
  return (
    <svg
      className="mark"
      data-breathing={breathing || undefined}
      viewBox="0 0 46 28"
      height={size}
      width={(size * 46) / 28}
      aria-hidden="true"
    >
      <circle cx="9" cy="19" r="7.5" />
      <circle cx="32" cy="14.5" r="12" />
    </svg>
  )
}
