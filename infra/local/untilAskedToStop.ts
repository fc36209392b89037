/** Resolves on Ctrl-C, SIGTERM, SIGHUP, or when the process that started us is gone. */
export function untilAskedToStop(): Promise<'asked'> {
  return new Promise(resolve => {
    const stop = () => resolve('asked')
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, stop)
    // Our starter's channel closes when it dies; npm has none, so its death shows as a new parent.
    process.once('disconnect', stop)
    const parent = process.ppid
    if (process.env.npm_lifecycle_event) {
      setInterval(() => {
        if (process.ppid !== parent) stop()
      }, 500).unref()
    }
    // A closed terminal must not end us before the others: writing to it may fail.
    process.stdout.on('error', () => {})
    process.stderr.on('error', () => {})
  })
}
