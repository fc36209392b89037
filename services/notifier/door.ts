/** What other modules may ask of the notifier: nothing until it has its first channel. */
export type Notifier = Record<never, never>
