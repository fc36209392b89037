import type { components, operations, paths } from './gen/ts/http.d.ts'

export type { components as mlComponents } from './gen/ts/ml.d.ts'
export type { components, operations, paths }

type Schemas = components['schemas']

export type Consents = Schemas['Consents']
export type Health = Schemas['Health']
export type Insights = Schemas['Insights']
export type Integration = Schemas['Integration']
export type Problem = Schemas['Problem']
export type Profile = Schemas['Profile']
export type ProfileData = Schemas['ProfileData']
export type Purpose = Schemas['AnyPurpose']
export type Reaction = Schemas['Reaction']
export type ReactionKind = Schemas['ReactionKind']
export type Receipt = Schemas['Receipt']
export type Recommendation = Schemas['Recommendation']
export type Session = Schemas['Session']
export type Signal = Schemas['Signal']
export type SilenceReason = Schemas['SilenceReason']
export type Tip = Schemas['Tip']
export type Why = Schemas['Why']
