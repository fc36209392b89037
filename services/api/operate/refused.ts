/** One sentence for the operator that says what to do; the command ends with code 1. */
export class Refused extends Error {}

/** Wrong words: code 2. */
export class WrongUse extends Error {}
