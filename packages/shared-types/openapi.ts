/** The whole HTTP contract as one document, for the server that implements it. */
import document from './gen/openapi.json' with { type: 'json' }

export const openapi = document
