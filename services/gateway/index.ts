export type { Answers, Owner } from './answers.ts'
export { type AnswersParts, createAnswers } from './createAnswers.ts'
export { createGateway, type GatewayParts, type GatewaySettings } from './gateway.ts'
export { startMetrics } from './metrics.ts'
