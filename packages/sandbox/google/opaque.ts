import { type Fields, fieldsOf, jsonOf } from '../read.ts'

/** Page and sync tokens: nothing secret is in them, and nobody is meant to read them. */
export const sealed = (fields: Fields): string => Buffer.from(JSON.stringify(fields)).toString('base64url')

export const opened = (token: string): Fields => fieldsOf(jsonOf(Buffer.from(token, 'base64url').toString()))
