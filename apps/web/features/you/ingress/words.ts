import type { components } from '@oo/shared-types'

type Schemas = components['schemas']
export type Source = Schemas['IngressSource']
export type Delivery = Schemas['IngressRecord']
export type SignalType = Schemas['IngressType']

/** What a source may tell, as a person calls it. */
export const told: Record<SignalType, string> = {
  mood: 'how you feel',
  sleep: 'how you slept',
  busy: 'whether you are busy',
  place: 'which place you are at',
  idle: 'how long a device was untouched',
}

const examples: Record<SignalType, string> = {
  mood: '0.5',
  sleep: '0.8',
  busy: 'true',
  place: '"0190f3a2-6e11-7c3a-9d10-5a2b9c7e1f00"',
  idle: '300',
}

export const allTypes: SignalType[] = ['mood', 'sleep', 'busy', 'place', 'idle']

export const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`

/** A name is lost with the key to it. */
export const nameOf = ({ name }: Source): string => name ?? 'Unnamed source'

/** One signal, signed, ready for a shell; docs/api/ingress.md explains it line by line. */
export const commandFor = (url: string, secret: string, type: SignalType): string =>
  `INGRESS_URL='${url}'
INGRESS_SECRET='${secret}'
body='{"signals":[{"type":"${type}","value":${examples[type]}}]}'
timestamp=$(date +%s)
delivery=$(openssl rand -hex 16)
signature=$(printf '%s' "$timestamp.$delivery.$body" | openssl dgst -sha256 -hmac "$INGRESS_SECRET" -r | cut -d' ' -f1)
curl --silent --show-error --fail-with-body "$INGRESS_URL" \\
  --header 'Content-Type: application/json' \\
  --header "OO-Timestamp: $timestamp" \\
  --header "OO-Delivery: $delivery" \\
  --header "OO-Signature: v1=$signature" \\
  --data-raw "$body"
`

/** What became of a delivery, in a few words, and then why. */
export const outcomeOf = ({ accepted, refused, problem }: Delivery): string =>
  problem
    ? `refused: ${problem}`
    : [
        `${plural(accepted, 'signal')} taken`,
        ...refused.map(({ type, because }) => `${type} left out: ${because}`),
      ].join(' · ')
