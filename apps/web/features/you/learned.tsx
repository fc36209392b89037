import type { Insights } from '@oo/shared-types'
import { Row, Section } from '@oo/ui'
import {
  asSentence,
  certaintyWords,
  nothingLearned,
  personalisedSentences,
  silenceSentence,
} from './insightSentences.ts'

/** What oO learned about a person, whether that helps them, and when it kept quiet. */
export function Learned({ insights }: { insights: Insights }) {
  const { learned, personalised, silence, past = [] } = insights
  const before = past.flatMap(({ statements }) => statements)
  const [verdict, compared] = personalisedSentences(personalised)
  return (
    <>
      <Section id="learned" title="What oO learned about you">
        {learned.statements.length === 0 ? (
          <p className="text-dim">{nothingLearned(learned)}</p>
        ) : (
          <ul>
            {learned.statements.map(({ sentence, certainty }) => (
              <Row key={sentence} title={asSentence(sentence)}>
                <p className="text-dim">{certaintyWords(certainty)}</p>
              </Row>
            ))}
          </ul>
        )}
      </Section>
      {before.length > 0 && (
        <Section
          id="past"
          title="Before oO"
          intro="What your app remembers of the last 90 days before you connected it. oO tells it and learns nothing from it."
        >
          <ul>
            {before.map(({ sentence, certainty }) => (
              <Row key={sentence} title={asSentence(sentence)}>
                <p className="text-dim">{certaintyWords(certainty)}</p>
              </Row>
            ))}
          </ul>
        </Section>
      )}
      <Section id="personalised" title="Does choosing for you help?">
        <p>{verdict}</p>
        <p className="text-dim">{compared}</p>
      </Section>
      <Section id="silence" title="When oO was quiet">
        <p>{silenceSentence(silence.today, 'today')}</p>
        <p className="text-dim">{silenceSentence(silence.week, 'in the last seven days')}</p>
      </Section>
    </>
  )
}
