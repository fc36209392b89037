export { createGateway, type GatewayParts, type GatewaySettings } from './gateway.ts'
