import { metrics } from '@opentelemetry/api'
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus'
import { MeterProvider } from '@opentelemetry/sdk-metrics'

/** Everything measured through the OpenTelemetry API, as Prometheus text. */
export interface Metrics {
  text(): Promise<string>
  stop(): Promise<void>
}

export function startMetrics(): Metrics {
  const exporter = new PrometheusExporter({ preventServerStart: true })
  const provider = new MeterProvider({ readers: [exporter] })
  // A second one in a process, as tests have, must not take the counts of the first with it when it stops.
  const isFirst = metrics.setGlobalMeterProvider(provider)
  const serializer = new PrometheusSerializer('oo', false, undefined, true, true)
  return {
    async text() {
      const { resourceMetrics } = await exporter.collect()
      return serializer.serialize(resourceMetrics)
    },
    async stop() {
      await provider.shutdown()
      if (isFirst) metrics.disable()
    },
  }
}
