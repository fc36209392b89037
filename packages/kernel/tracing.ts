// Traces by OpenTelemetry, only where somebody collects them: without an address nothing is loaded and a span costs a
// function call. Attributes name operations, subjects and states, never a person or their words.
import { context, trace } from '@opentelemetry/api'

export interface TracingSettings {
  /** Where a collector takes OTLP over HTTP, for example http://127.0.0.1:4318. */
  endpoint: string
  /** What this process is called in the picture. */
  processName: string
}

const flushEveryMs = 500
const mostWaiting = 8_192

/** Called once a process, before what is to be traced is built; answers how to send the rest and stop. */
export async function startTracing({ endpoint, processName }: TracingSettings): Promise<() => Promise<void>> {
  const [sdk, otlp, hooks, resources] = await Promise.all([
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/context-async-hooks'),
    import('@opentelemetry/resources'),
  ])
  const exporter = new otlp.OTLPTraceExporter({ url: `${endpoint}/v1/traces`, timeoutMillis: 5_000 })
  const provider = new sdk.TracerProvider({
    resource: resources.resourceFromAttributes({ 'service.name': processName }),
    spanProcessors: [
      new sdk.BatchSpanProcessor({ exporter, scheduledDelayMillis: flushEveryMs, maxQueueSize: mostWaiting }),
    ],
  })
  context.setGlobalContextManager(new hooks.AsyncLocalStorageContextManager().enable())
  trace.setGlobalTracerProvider(provider)
  return async () => {
    await provider.shutdown().catch(() => {})
    trace.disable()
    context.disable()
  }
}
