import { doing } from './studies/doing.ts'
import { pausing } from './studies/pausing.ts'
import { relating } from './studies/relating.ts'
import type { Study } from './study.ts'

const all = { ...doing, ...pausing, ...relating }

export type StudyId = keyof typeof all

export const studies: Readonly<Record<StudyId, Study>> = all
