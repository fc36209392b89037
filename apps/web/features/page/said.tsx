/** A sentence that appears after something was asked for; screen readers hear it. */
export function Said({ children }: { children: string | null }) {
  return (
    <p role="status" className="text-dim empty:hidden">
      {children}
    </p>
  )
}
