// What a card may rest on: a published study that a reader can look up.

export interface Study {
  /** As in the publication, family name first, separated by "; ". */
  authors: string
  year: number
  title: string
  /** The journal or proceedings, with volume and pages. */
  where: string
  /** What was found and where it ends, so that no card promises more. */
  found: string
}
