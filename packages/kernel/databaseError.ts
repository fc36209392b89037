import pg from 'pg'

/** Whether the database itself refused: a query or its rights are wrong, or the server is in trouble. */
export const isDatabaseError = (error: unknown): boolean =>
  error instanceof pg.DatabaseError || (error instanceof Error && isDatabaseError(error.cause))
