// Who has the policy on trial: a person's place is fixed by the experiment, so those of the first 5 % stay among the
// 20 %, and two experiments do not share their people.
import { keyedHash } from '@oo/kernel'

const places = 2 ** 48

export type Arm = 'new' | 'usual'

/** In [0, 1), the same for good, and as if drawn at random. */
export const placeOf = (experiment: string, personId: string): number =>
  keyedHash(experiment, 'experiment', personId).readUIntBE(0, 6) / places

export const armOf = (experiment: string, personId: string, share: number): Arm =>
  placeOf(experiment, personId) < share ? 'new' : 'usual'
