/** The events of oO as protobuf messages: ids and numbers, never personal text. */
export {
  type Envelope,
  EnvelopeSchema,
} from './gen/ts/events/oo/events/v1/envelope_pb.js'
export { ReactionKind as ReactionCode } from './gen/ts/events/oo/events/v1/tip_pb.js'
