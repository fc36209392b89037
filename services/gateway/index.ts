export { createGateway, type GatewayParts, type GatewaySettings } from './gateway.ts'
export { startMetrics } from './metrics.ts'
