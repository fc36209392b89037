import type { Source } from './source.ts'
import { doing } from './sources/doing.ts'
import { pausing } from './sources/pausing.ts'
import { relating } from './sources/relating.ts'

const all = { ...doing, ...pausing, ...relating }

export type SourceId = keyof typeof all

export const sources: Readonly<Record<SourceId, Source>> = all
