/** What other modules may ask of the console's module: nothing; the console asks them. */
export type Admin = Record<never, never>
