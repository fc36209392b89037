/** As a `ref`: what appears because of a press takes the focus from what went; once, when it appears. */
export const focused = (element: HTMLElement | null): void => element?.focus()
